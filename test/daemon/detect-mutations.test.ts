// Changes that are seen when a cell runs, from the notebook's text to what clients are told, with a real kernel.
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { marimo, script } from '../core/check/support.ts';
import type { TestNotebook } from '../support/daemon.ts';
import { installedPythons } from '../support/kernel.ts';
import { sharedDaemon } from '../support/shared-daemon.ts';

const [, newer] = installedPythons().find(([version]) => /^3\.1[2-9]\./.test(version)) ?? [];
if (!newer) console.warn('skipped: lines of changes, because pyenv has no Python 3.12 or later here.');

/** With a Python that can tell lines, where there is one. */
const daemon = sharedDaemon({ PATH: (newer ? `${dirname(newer)}:${process.env.PATH}` : process.env.PATH) ?? '' });

async function open(text: string, settings = ''): Promise<TestNotebook> {
  await writeFile(join(daemon.folder, 'pyproject.toml'), settings);
  return daemon.notebook(text);
}

const told = (notebook: TestNotebook) =>
  notebook.followed.view.problems
    .filter(({ code }) => code === 'hidden-mutation')
    .map(({ message, range }) => [range.start.line, message] as const);

const shared = ['xs = [1]', 'def add(v):\n    n = len(v)\n    v.append(n)', 'y = 1\nadd(xs)', 'print(len(xs))'];

describe('a cell that changes an object which its text only reads', () => {
  it('is told with the line, the function and the readers that are out of date, in a script', async () => {
    const notebook = await open(script(...shared));
    await notebook.run('all');
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
    const inside = newer ? ', in add of cell 2,' : '';
    expect(told(notebook)).toEqual([
      [
        8,
        `xs is made in cell 1 and was changed when this cell ran${inside} though its text only reads it. Whenever this cell has run, cell 4 is out of date, because it reads the object below. Running this cell again runs cell 1 first.`,
      ],
    ]);
  });

  it('is given the object anew when it runs again, and whoever reads it below runs, too', async () => {
    const notebook = await open(script(...shared));
    await notebook.run('all');
    expect((await notebook.run('reactive', 2)).steps).toHaveLength(3);
    expect(notebook.shown(3)).toBe('2\n');
    await notebook.client.request('session/configure', { session: notebook.session, options: { mode: 'lazy' } });
    await notebook.run('reactive', 2);
    expect(notebook.statuses).toEqual(['fresh', 'fresh', 'fresh', 'stale']);
  });

  it('is given the object anew, too, where it binds the name to the same object', async () => {
    const grow = 'def grow(v):\n    v.append(len(v))\n    return v';
    const notebook = await open(script('xs = [1]', grow, 'xs = grow(xs)', 'print(len(xs))'));
    await notebook.run('all');
    await notebook.run('reactive', 2);
    await notebook.run('reactive', 2);
    expect(notebook.shown(3)).toBe('2\n');
  });

  it('runs with the rest of a marimo notebook, whose readers share the object', async () => {
    const notebook = await open(marimo(...shared));
    const { outcome } = await notebook.run('all');
    expect([outcome, notebook.shown(3)]).toEqual(['ok', '2\n']);
    expect(told(notebook).map(([, message]) => message)).toEqual([
      expect.stringContaining(
        'It is not defined whether cell 4 reads it before or after. Running this cell again runs cell 1 first.',
      ),
    ]);
    expect((await notebook.run('reactive', 2)).outcome).toBe('ok');
    expect(notebook.shown(3)).toBe('2\n');
  });

  it('is no longer told once its text is another, and again when the edit is undone', async () => {
    const text = script('xs = [1]', 'ys = xs\nys.append(2)');
    const notebook = await open(text);
    await notebook.run('all');
    expect(told(notebook)).toHaveLength(1);
    await notebook.edit(`# %% a title\n\n${text.slice('# %%\n'.length)}`);
    expect(told(notebook).map(([line]) => line)).toEqual([newer ? 5 : 4]);
    await notebook.edit(text.replace('ys = xs', 'ys = list(xs)'));
    expect(told(notebook)).toEqual([]);
    await notebook.edit(text);
    expect(told(notebook)).toHaveLength(1);
  });

  it('uses the object up when it fails, too', async () => {
    const notebook = await open(script('xs = [1]', 'ys = xs; ys.append(2); 1 / 0'));
    await notebook.run('all');
    expect(told(notebook)).toHaveLength(1);
    expect((await notebook.run('reactive', 1)).steps.map(({ outcome }) => outcome)).toEqual(['ok', 'raised']);
  });
});

describe('mutations are not detected', () => {
  const text = script('xs = [1]', 'ys = xs\nys.append(2)');

  it('where the opener says so, until it says otherwise', async () => {
    const notebook = await open(text);
    await notebook.client.request('session/configure', { session: notebook.session, options: { detectMutations: false } });
    await notebook.run('all');
    expect(told(notebook)).toEqual([]);
    await notebook.client.request('session/configure', { session: notebook.session, options: { detectMutations: true } });
    await notebook.run('reactive', 0);
    expect(told(notebook)).toHaveLength(1);
  });

  it('where the project says so, unless the opener says otherwise', async () => {
    const notebook = await open(text, '[tool.headwater]\ndetect_mutations = false\n');
    await notebook.run('all');
    expect(told(notebook)).toEqual([]);
    await notebook.client.request('session/open', { path: notebook.path, options: { detectMutations: true } });
    await notebook.run('reactive', 0);
    expect(told(notebook)).toHaveLength(1);
  });
});
