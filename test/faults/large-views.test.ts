/** Notebooks that show more than fits into one frame: whoever comes next can open them all the same. */
import { describe, expect, it } from 'vitest';
import { sessionInlineBytesMax, sessionShownBytesMax, stepInlineBytesMax } from '../../daemon/limits.ts';
import { frameBytesMax, streamCharactersMax } from '../../protocol/limits.ts';
import type { Output } from '../../protocol/types.ts';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();
const slow = 120_000;

async function ran(...cells: readonly string[]): Promise<TestNotebook> {
  const notebook = await daemon.notebook(cells.map((code) => `# %%\n${code}\n`).join(''));
  await notebook.run('all');
  return notebook;
}

/** As another client gets it, which has it from its own snapshot. */
async function viewOf(notebook: TestNotebook) {
  const client = await daemon.client('another');
  const answer = await client.request('session/attach', { session: notebook.session });
  if (!answer.view) throw new Error('There is no view.');
  const { view } = answer;
  expect(view).toEqual({ ...notebook.followed.view });
  const bytes = Buffer.byteLength(JSON.stringify(view));
  expect(bytes).toBeLessThan(frameBytesMax / 2);
  return { client, view, bytes };
}

function bundles(outputs: readonly Output[]) {
  return outputs.flatMap((output) => (output.type === 'stream' ? [] : [output.bundle]));
}

const inline = (outputs: readonly Output[], mime: string) =>
  bundles(outputs).filter((bundle) => typeof bundle[mime] === 'string').length;

describe('a view that would be too large (P72)', () => {
  const one = 'display({"text/plain": str(i), "text/html": str(i).ljust(60_000, "x")}, raw=True)';

  it('has the first displays of a step inline, and the others as blobs', { timeout: slow }, async () => {
    const notebook = await ran(`for i in range(1_200): ${one}`);
    const { client, view } = await viewOf(notebook);
    const { outputs } = Object.values(view.cells)[0] ?? { outputs: [] };
    expect(outputs).toHaveLength(1_200);
    expect(inline(outputs, 'text/html')).toBe(Math.floor(stepInlineBytesMax / 60_000));
    const last = bundles(outputs).at(-1)?.['text/html'];
    if (typeof last !== 'object') throw new Error('The last one is no blob.');
    const { content } = await client.request('blob/read', { blob: last.blob });
    expect(Buffer.from(String(content), 'base64').toString()).toBe('1199'.padEnd(60_000, 'x'));
  });

  it.each([
    ['plain text', 'display({"text/plain": "x" * 60_000}, raw=True)'],
    ['text of control characters', 'display({"text/plain": "\\1" * 10_000, "text/html": "\\1" * 10_000}, raw=True)'],
    ['one type beside many others', 'display({"text/plain": "x", **{f"a/{n}": "x" * 1_000 for n in range(300)}}, raw=True)'],
    ['long names', 'display({"text/plain": "x", "a/" + "b" * 500_000: "x"}, raw=True, display_id=str(i) * 100_000)'],
    [
      'the same display, again and again',
      'h = display({"text/plain": "x"}, raw=True, display_id=True) if i == 0 else h; h.update("x" * 90_000)',
    ],
  ])('fits where many steps display %s', { timeout: slow }, async (_, code) => {
    const cell = `for i in range(15): ${code}`;
    const notebook = await ran(...Array.from({ length: 12 }, () => cell));
    const { bytes } = await viewOf(notebook);
    expect(bytes).toBeLessThan(2 * sessionInlineBytesMax);
  });

  it('has a plain text that is larger than a frame as a blob, which output/file gives back', { timeout: slow }, async () => {
    const notebook = await ran('display({"text/plain": "x" * 70_000_000}, raw=True)');
    const { client, view } = await viewOf(notebook);
    const [cell] = Object.values(view.cells);
    expect(cell?.outputs).toMatchObject([{ bundle: { 'text/plain': { size: 70_000_000 } } }]);
    const { text } = await client.request('output/get', { session: notebook.session, cell: cell?.id ?? '' });
    expect(text.startsWith('xxxx')).toBe(true);
  });

  it('frees the room when a cell runs again', { timeout: slow }, async () => {
    const notebook = await ran(
      ...Array.from({ length: 10 }, () => `for i in range(20): ${one}`),
      one.replaceAll('str(i)', '"z"'),
    );
    expect(inline(notebook.cell(10).outputs, 'text/html')).toBe(0);
    await notebook.edit(`${'# %%\n1\n'.repeat(10)}# %%\n${one.replaceAll('str(i)', '"y"')}\n`);
    await notebook.run('all');
    expect(inline(notebook.cell(10).outputs, 'text/html')).toBe(1);
  });

  const isGone = (outputs: readonly Output[]) =>
    outputs.length === 1 && outputs[0]?.type === 'stream' && outputs[0].text.includes('made room for those of other cells');
  const charactersOf = (outputs: readonly Output[]) =>
    outputs.reduce((sum, output) => sum + (output.type === 'stream' ? output.text.length : 0), 0);

  it('lets the cells that ran first go where all print much', { timeout: slow }, async () => {
    // A display between two prints keeps them from being one stream, however late they come.
    const print = 'for i in range(16):\n    print("x" * 70_000)\n    display({"text/plain": "y"}, raw=True)';
    const notebook = await ran(...Array.from({ length: 40 }, () => print));
    const { view } = await viewOf(notebook);
    const cells = notebook.followed.view.layout.map(({ id }) => view.cells[id]?.outputs ?? []);
    const gone = cells.filter(isGone).length;
    expect(cells.findIndex((outputs) => !isGone(outputs))).toBe(gone);
    expect(gone).toBeGreaterThan(20);
    expect(charactersOf(cells.flat())).toBeGreaterThan(0.9 * sessionShownBytesMax);
  });

  it('lets nothing go where long text is cut short anyway', { timeout: slow }, async () => {
    const notebook = await ran(...Array.from({ length: 40 }, () => 'for i in range(16): print("x" * 70_000)'));
    const { view } = await viewOf(notebook);
    const cells = Object.values(view.cells);
    expect(cells.map(({ outputs }) => charactersOf(outputs))).toEqual(cells.map(() => streamCharactersMax));
  });

  it('has errors cut short where there are many long ones', { timeout: slow }, async () => {
    const fails = 'def f(n): return f(n - 1) if n else 1 / 0';
    const notebook = await ran(...Array.from({ length: 60 }, (_, n) => `raise ValueError("x" * 150_000 + "${n}")`), fails);
    const { view } = await viewOf(notebook);
    const errors = Object.values(view.cells).flatMap(({ error }) => error ?? []);
    expect(errors).toHaveLength(60);
    expect(errors[0]?.text.length).toBeGreaterThan(100_000);
    expect(errors.at(-1)?.message.length).toBeLessThan(300);
    expect(errors.at(-1)?.frames).toHaveLength(1);
  });

  it('is what a client gets that comes back when too much has happened', { timeout: slow }, async () => {
    const notebook = await ran(
      'for i in range(300): print("x" * 60_000 if i % 2 else "y")',
      ...Array.from({ length: 12 }, () => one.replace('i', '1')),
    );
    const since = { incarnation: notebook.followed.view.incarnation, seq: 0 };
    const answer = await (await daemon.client('back')).request('session/attach', { session: notebook.session, since });
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeLessThan(frameBytesMax / 2);
  });
});
