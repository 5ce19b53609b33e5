import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findEditor, root } from './editors.ts';
import { openWorkshop, type Workshop } from './notebooks.ts';
import { Terminal } from './terminal.ts';

/** The notebook and its outputs are on the screen as a whole: all lines, and the one long line of an older Neovim. */
const size = { columns: 240, rows: 220 };

/** What docs/editors.md shows, and a line that says when the server is there: keys sent before that are lost. */
const init = `
vim.opt.runtimepath:prepend('${root}/clients/neovim')
vim.g.mapleader = ' '
require('headwater').setup()
for key, name in pairs({ r = 'runCell', o = 'openOutput', a = 'runAll' }) do
  vim.keymap.set('n', '<leader>' .. key, function() require('headwater').run(name) end)
end
vim.api.nvim_create_autocmd('LspAttach', { callback = function(event)
  vim.o.statusline = 'attached ' .. vim.fs.basename(event.file)
end })
`;

for (const suite of ['trixie', 'forky'] as const) {
  const editor = await findEditor('nvim', suite);
  if ('reason' in editor) console.warn(`Neovim is not tested: ${editor.reason}`);

  describe.skipIf('reason' in editor)(`Neovim of Debian ${suite}`, () => {
    let workshop: Workshop;
    let nvim: Terminal;
    let copies = 0;

    const start = async (...files: readonly string[]) => {
      const command = 'path' in editor ? [editor.path, '--clean', '-n', '-u', workshop.path('init.lua'), ...files] : [];
      nvim = await Terminal.start({ command, environment: workshop.environment, ...size });
    };
    /** Each test has a notebook, a session and values of its own. */
    const edit = async (name: string, text: string) => {
      await writeFile(workshop.path(name), text);
      await nvim.type(`:edit ${workshop.path(name)}`);
      await nvim.press('Enter');
      await nvim.waitFor(`attached ${name}`);
    };
    const openTour = async () => {
      const name = `tour-${++copies}.py`;
      await edit(name, await readFile(workshop.path('tour.py'), 'utf8'));
      await nvim.waitFor('Run cell');
      return name;
    };
    const runTour = async () => {
      const name = await openTour();
      await at('planet_count: int', 'Space', 'r');
      await nvim.waitFor('8 planets, from Mercury to Neptune');
      await nvim.waitFor('A year on Ceres, by the law: 4.6 of ours');
      return name;
    };
    /** The cursor on the first line that has this text, and a moment later the keys. */
    const at = async (text: string, ...keys: readonly string[]) => {
      await nvim.type(`:call search('\\V${text}', 'cw')`);
      await nvim.press('Enter', ...keys);
    };

    beforeAll(async () => {
      workshop = await openWorkshop();
      await writeFile(workshop.path('init.lua'), init);
      await start();
      await nvim.waitFor('[No Name]');
    });
    afterAll(async () => {
      await nvim.close();
      await workshop.close();
    });

    it('shows a notebook that was opened, and has run nothing', async () => {
      await openTour();
      expect(await nvim.screen()).not.toContain('8 planets, from');
    });

    it('shows a second definition while it is typed, and no more when it is undone', async () => {
      await openTour();
      await at('plot = Canvas', 'O');
      await nvim.type('days = 1');
      await nvim.waitFor('days is defined');
      await nvim.press('Escape', 'u');
      await nvim.waitUntilGone('days is defined');
    });

    it('runs a cell by its code action, and shows what follows from it', runTour);

    it('marks stale what an edit makes so, and fresh again what an undo restores', async () => {
      await runTour();
      await nvim.waitUntilGone('stale');
      await at('planet_count: int');
      await nvim.type('A - 4');
      await nvim.press('Escape');
      await nvim.waitFor('stale');
      await nvim.waitFor('stale · Run cell');
      await nvim.press('u');
      await nvim.waitUntilGone('stale');
    });

    it('opens the file of a plot outside', async () => {
      await runTour();
      await nvim.waitFor('[image, png');
      await at('plot = Canvas', 'Space', 'o');
      await vi.waitFor(async () => expect(await workshop.openedOutside()).toHaveLength(1), { timeout: 20_000 });
      const [opened] = await workshop.openedOutside();
      const content = await readFile(fileURLToPath(opened ?? ''));
      expect(content.subarray(1, 4).toString()).toBe('PNG');
    });

    it('answers what a notebook asks', async () => {
      await edit('asking.py', '# %%\nname = input("name? ")\nname.upper()\n');
      await nvim.waitFor('Run cell');
      await at('name = input', 'Space', 'r');
      await nvim.waitFor('asks for input: name?');
      await nvim.type(":lua require('headwater').reply()");
      await nvim.press('Enter');
      await nvim.waitFor('Answer:');
      await nvim.type('ada');
      await nvim.press('Enter');
      await nvim.waitFor("'ADA'");
    });

    it('leaves an ordinary Python file alone', async () => {
      await edit('ordinary.py', 'x = 1\nx = 2\n');
      await nvim.press('Space', 'r');
      const screen = await nvim.waitFor('No code actions available');
      expect(screen).not.toContain('Run cell');
    });

    it('finds the values again after it was killed, and nothing ran', async () => {
      const name = await runTour();
      await nvim.kill();
      await nvim.close();
      await start(workshop.path(name));
      const screen = await nvim.waitFor('8 planets, from Mercury to Neptune');
      expect(screen).not.toMatch(/running|queued|stale/);
    });
  });
}
