/**
 * Ordinary "# %%" scripts, as people publish them, in a session: numbers changed and changed back, statements added, cells
 * swapped, and parts run in between. Once what is stale has run, the cells have printed what `python FILE` prints for the text as
 * it then is.
 *
 * `HISTORIES=200 npx vitest run test/differential/scripts-edited.test.ts` for a long run, SEED=… for other edits.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../clients/node/client.ts';
import { followSession } from '../../clients/node/notebook.ts';
import { type Result, runProgram } from '../clients/cli/headwater.ts';
import { TestDaemon, TestNotebook } from '../support/daemon.ts';
import { howMany } from '../support/histories.ts';
import { pick, type Roll, random } from '../support/random.ts';
import { scienceInterpreter } from '../support/science.ts';
import { fetchScripts, scripts, scriptsFolder } from '../support/scripts.ts';

const count = howMany(3, 'HISTORIES');
const seed = Number(process.env['SEED'] ?? 17);
const editsMax = 6;
const secondsPerHistoryMax = 120;

/**
 * Intended differences. What a module remembers is not made again when the cell that imports it, or that calls it, runs again.
 */
const apart = new Map([
  ['font_family_rc.py', 'changes the settings of a module, and prints them above'],
  ['date_precision_and_epochs.py', 'sets an epoch that a module remembers, and prints what follows from it'],
  ['text_outputs_and_images.py', "shows tables with IPython's display, which a script prints"],
  ['plot_log.py', 'adds a handler to a logger, which the module keeps by its name, each time'],
]);
const compared = scripts.filter((script) => !apart.has(basename(script)));

const science = await scienceInterpreter();
const skipped = 'skipped' in science ? science.skipped : await fetchScripts(science.python);
if (skipped !== undefined) console.warn(`skipped: ${skipped}`);

describe.skipIf(skipped !== undefined)('published "# %%" scripts that are edited and partly run end as under python', () => {
  const python = 'python' in science ? science.python : '';
  let daemon: TestDaemon;
  let client: Client;

  beforeAll(async () => {
    daemon = await TestDaemon.create({ MPLBACKEND: 'Agg' });
    client = await daemon.client();
  });
  afterAll(() => daemon.stop());

  const plain = (path: string): Promise<Result> =>
    runProgram(python, [basename(path)], { cwd: join(path, '..'), env: { MPLBACKEND: 'Agg' } });

  async function open(name: string, text: string): Promise<TestNotebook> {
    const folder = join(daemon.folder, name);
    await mkdir(folder, { recursive: true });
    const path = join(folder, 'script.py');
    await writeFile(path, text);
    const followed = await followSession(client, { path, text, version: 1, python, environment: daemon.environment });
    return new TestNotebook(path, client, followed);
  }

  it.each(
    Array.from({ length: count }, (_, at) => [seed + at, compared[((seed + at) * 7) % compared.length] as string] as const),
  )('SEED=%s %s', { timeout: secondsPerHistoryMax * 1000 }, async (ownSeed, script) => {
    const roll = random(ownSeed);
    const original = await readFile(join(scriptsFolder, script), 'utf8');
    const notebook = await open(`${ownSeed}`, original);
    const story: string[] = [];
    let text = original;
    for (let edits = 1 + roll(editsMax); edits > 0; edits--) {
      const edited = edit(roll, notebook, text);
      await notebook.edit(edited);
      story.push(difference(text, edited));
      if (roll(3) > 0) story.push(await runPart(roll, notebook));
      // Every second edit is taken back.
      if (roll(2)) text = edited;
    }
    await notebook.edit(text);
    await writeFile(notebook.path, text);
    let theirs = await plain(notebook.path);
    if (theirs.code !== 0) {
      await notebook.edit(original);
      await writeFile(notebook.path, original);
      theirs = await plain(notebook.path);
    }
    await notebook.run('stale');
    expect(printed(notebook), `${story.join('\n')}\n${problems(notebook)}`).toBe(theirs.stdout);
    await client.request('session/close', { session: notebook.session });
  });
});

function printed(notebook: TestNotebook): string {
  const outputs = notebook.statuses.flatMap((_, at) => notebook.cell(at).outputs);
  return outputs.map((output) => (output.type === 'stream' && output.stream === 'stdout' ? output.text : '')).join('');
}

function problems(notebook: TestNotebook): string {
  return notebook.statuses.map((status, at) => `${at} ${status} ${notebook.cell(at).error?.text ?? ''}`).join('\n');
}

async function runPart(roll: Roll, notebook: TestNotebook): Promise<string> {
  const mode = pick(roll, ['reactive', 'reactive', 'upstream', 'only', 'stale'] as const);
  const at = roll(notebook.statuses.length);
  await (mode === 'stale' ? notebook.run(mode) : notebook.run(mode, at));
  return `run ${mode} ${at}`;
}

function edit(roll: Roll, notebook: TestNotebook, text: string): string {
  return pick(roll, [changeNumber, addStatement, swapCells])(roll, notebook, text);
}

/** Also in a text or a comment, where it changes nothing or what is printed. */
function changeNumber(roll: Roll, _notebook: TestNotebook, text: string): string {
  const numbers = [...text.matchAll(/(?<![\w.#%])[1-9]\d{0,2}(?![\w.])/g)];
  if (numbers.length === 0) return text;
  const { 0: number, index } = pick(roll, numbers);
  return `${text.slice(0, index)}${Number(number) + 1}${text.slice(index + number.length)}`;
}

function addStatement(roll: Roll, notebook: TestNotebook, text: string): string {
  const lines = text.split('\n');
  const places = notebook.followed.view.layout.filter(({ id }) => notebook.followed.view.cells[id]?.kind === 'code');
  if (places.length === 0) return text;
  const statement = pick(roll, ['added = 1', 'print("added")', 'added = [len(str(n)) for n in range(3)]\nprint(added)']);
  return lines.toSpliced(pick(roll, places).codeLine, 0, statement).join('\n');
}

/** With the next one. Cells that need each other's names then fail, and python decides whether the text can stay so. */
function swapCells(roll: Roll, notebook: TestNotebook, text: string): string {
  const lines = text.split('\n');
  const { layout } = notebook.followed.view;
  const at = roll(layout.length - 1);
  const [first, second] = [layout[at], layout[at + 1]];
  if (!first || !second || first.line === first.codeLine) return text;
  const [upper, lower] = [lines.slice(first.line, second.line), lines.slice(second.line, second.endLine + 1)];
  return lines.toSpliced(first.line, upper.length + lower.length, ...lower, ...upper).join('\n');
}

function difference(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const at = now.findIndex((line, index) => line !== old[index]);
  return `line ${at + 1}: ${old[at]} → ${now[at]}`;
}
