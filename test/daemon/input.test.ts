import { expect, it } from 'vitest';
import { inputReplyCharactersMax } from '../../daemon/limits.ts';
import { refusalName } from '../../protocol/errors.ts';
import type { InputView } from '../../protocol/types.ts';
import type { TestNotebook } from '../support/daemon.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const daemon = sharedDaemon();

function open(text: string): Promise<TestNotebook> {
  return daemon.notebook(text);
}

const asking = '# %%\nname = input("name? ")\nprint("hello", name)\n# %%\nname\n';

async function asked({ followed }: TestNotebook): Promise<InputView> {
  return (await followed.waitFor(({ input }) => input !== undefined)).input as InputView;
}

const reply = ({ client, session }: TestNotebook, input: number, text?: string, echo?: boolean) =>
  client.request('input/reply', { session, input, ...(text !== undefined && { text }), ...(echo && { echo }) });

async function refused(request: Promise<unknown>): Promise<string | undefined> {
  return request.then(() => undefined, refusalName);
}

it('asks in input() and goes on with the answer (P32)', async () => {
  const notebook = await open(asking);
  const run = await notebook.start('all');
  const { input, ...question } = await asked(notebook);
  expect(question).toEqual({ cell: notebook.cell(0).id, step: 1, prompt: 'name? ', isPassword: false });
  expect(notebook.shown(0)).toBe('name? ');
  await reply(notebook, input, 'Ada');
  expect((await notebook.wait(run)).outcome).toBe('ok');
  expect([notebook.shown(0), notebook.shown(1)]).toEqual(['name? hello Ada\n', "'Ada'"]);
  expect(notebook.followed.view.input).toBeUndefined();
});

it('shows what was answered where the client wants it, but no password', async () => {
  const notebook = await open('# %%\nimport getpass\ninput("name? ")\nlen(getpass.getpass("key? "))\n');
  const run = await notebook.start('all');
  await reply(notebook, (await asked(notebook)).input, 'Ada', true);
  const password = (await notebook.followed.waitFor(({ input }) => input?.isPassword === true)).input as InputView;
  expect(password.prompt).toBe('key? ');
  await reply(notebook, password.input, 'secret', true);
  await notebook.wait(run);
  expect(notebook.shown(0)).toBe('name? Ada\n6');
});

it('takes one answer, to the question that is asked (P33)', async () => {
  const notebook = await open('# %%\n[input("a"), input("b")]\n');
  expect(await refused(reply(notebook, 1, 'early'))).toBe('no-such-input');
  const run = await notebook.start('all');
  const { input } = await asked(notebook);
  await reply(notebook, input, 'A');
  expect(await refused(reply(notebook, input, 'again'))).toBe('no-such-input');
  const next = (await notebook.followed.waitFor((view) => view.input !== undefined && view.input.input !== input))
    .input as InputView;
  expect(await refused(reply(notebook, input, 'again'))).toBe('no-such-input');
  await reply(notebook, next.input, 'B');
  await notebook.wait(run);
  expect(notebook.shown(0)).toContain("['A', 'B']");
});

it('refuses an answer that is too long, and waits for a shorter one (P33)', async () => {
  const notebook = await open('# %%\nlen(input())\n');
  const run = await notebook.start('all');
  const { input } = await asked(notebook);
  expect(await refused(reply(notebook, input, 'x'.repeat(inputReplyCharactersMax + 1)))).toBe('limit-reached');
  await reply(notebook, input, 'x'.repeat(inputReplyCharactersMax));
  await notebook.wait(run);
  expect(notebook.shown(0)).toBe(String(inputReplyCharactersMax));
});

it('raises EOFError where the input is at an end', async () => {
  const notebook = await open(asking);
  const run = await notebook.start('all');
  await reply(notebook, (await asked(notebook)).input);
  expect((await notebook.wait(run)).outcome).toBe('failed');
  expect(notebook.cell(0).error).toMatchObject({ name: 'EOFError', message: 'EOF when reading a line' });
});

it('takes the question back when the step is interrupted (P34)', async () => {
  const notebook = await open(asking);
  const run = await notebook.start('all');
  const { input } = await asked(notebook);
  const types: string[] = [];
  notebook.followed.onChange((_, event) => types.push(event?.type === 'input.ended' ? event.outcome : (event?.type ?? '')));
  await notebook.client.request('run/interrupt', { session: notebook.session });
  expect((await notebook.wait(run)).steps.map(({ outcome }) => outcome)).toEqual(['interrupted', 'skipped']);
  expect(types.filter((type) => type === 'withdrawn' || type === 'step.finished')).toEqual(['withdrawn', 'step.finished']);
  expect(await refused(reply(notebook, input, 'late'))).toBe('no-such-input');
});

it.each(['kernel/restart', 'kernel/stop', 'SIGKILL'] as const)('takes the question back at %s (P34)', async (how) => {
  const notebook = await open(asking);
  const run = await notebook.start('all');
  const { input } = await asked(notebook);
  if (how === 'SIGKILL') process.kill(notebook.followed.view.kernel.pid as number, 'SIGKILL');
  else await notebook.client.request(how, { session: notebook.session });
  await notebook.wait(run);
  expect(notebook.followed.view.input).toBeUndefined();
  expect(await refused(reply(notebook, input, 'late'))).toBe('no-such-input');
});

it('shows the question to a client that comes later, whose answer counts (P32)', async () => {
  const notebook = await open(asking);
  const run = await notebook.start('all');
  const question = await asked(notebook);
  const other = await daemon.open(notebook.path, undefined, await daemon.client('other'));
  expect(other.followed.view.input).toEqual(question);
  await reply(other, question.input, 'Other');
  await notebook.wait(run);
  expect(notebook.shown(1)).toBe("'Other'");
});
