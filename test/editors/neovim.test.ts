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
vim.api.nvim_create_autocmd('LspAttach', { callback = function() vim.o.statusline = 'attached' end })
`;

for (const suite of ['trixie', 'forky'] as const) {
  const editor = await findEditor('nvim', suite);
  if ('reason' in editor) console.warn(`Neovim is not tested: ${editor.reason}`);

  describe.skipIf('reason' in editor)(`Neovim of Debian ${suite}`, () => {
    let workshop: Workshop;
    let nvim: Terminal;

    const start = async (file: string) => {
      const command =
        'path' in editor ? [editor.path, '--clean', '-n', '-u', workshop.path('init.lua'), workshop.path(file)] : [];
      nvim = await Terminal.start({ command, environment: workshop.environment, ...size });
      await nvim.waitFor('attached');
    };
    /** The cursor on the first line that has this text, and a moment later the keys. */
    const at = async (text: string, ...keys: readonly string[]) => {
      await nvim.type(`:call search('\\V${text}', 'cw')`);
      await nvim.press('Enter', ...keys);
    };

    beforeAll(async () => {
      workshop = await openWorkshop();
      await writeFile(workshop.path('init.lua'), init);
      await start('tour.py');
    });
    afterAll(async () => {
      await nvim.close();
      await workshop.close();
    });

    it('shows a notebook that was opened, and has run nothing', async () => {
      const screen = await nvim.waitFor('Run cell');
      expect(screen).not.toContain('8 planets, from');
    });

    it('shows a second definition while it is typed, and no more when it is undone', async () => {
      await at('plot = Canvas', 'O');
      await nvim.type('ceres = 1');
      await nvim.waitFor('ceres is defined');
      await nvim.press('Escape', 'u');
      await nvim.waitUntilGone('ceres is defined');
    });

    it('runs a cell by its code action, and shows what follows from it', async () => {
      await at('planet_count: int', 'Space', 'r');
      await nvim.waitFor('8 planets, from Mercury to Neptune');
      await nvim.waitFor('A year on Ceres, by the law: 4.6 of ours');
    });

    it('marks stale what an edit makes so, and fresh again what an undo restores', async () => {
      await nvim.waitUntilGone('stale');
      await at('planet_count: int');
      await nvim.type('A - 4');
      await nvim.press('Escape');
      await nvim.waitFor('stale');
      await nvim.press('u');
      await nvim.waitUntilGone('stale');
    });

    it('opens the file of a plot outside', async () => {
      await nvim.waitFor('[image, png');
      await at('plot = Canvas', 'Space', 'o');
      await vi.waitFor(async () => expect(await workshop.openedOutside()).toHaveLength(1), { timeout: 20_000 });
      const [opened] = await workshop.openedOutside();
      const content = await readFile(fileURLToPath(opened ?? ''));
      expect(content.subarray(1, 4).toString()).toBe('PNG');
    });

    it('answers what a notebook asks', async () => {
      await writeFile(workshop.path('asking.py'), '# %%\nname = input("name? ")\nname.upper()\n');
      await nvim.type(`:edit ${workshop.path('asking.py')}`);
      await nvim.press('Enter');
      await nvim.waitFor('Run cell');
      await at('name = input', 'Space', 'r');
      await nvim.waitFor('asks for input: name?');
      await nvim.type(":lua require('headwater').reply()");
      await nvim.press('Enter');
      await nvim.waitFor('Answer:');
      await nvim.type('ada');
      await nvim.press('Enter');
      await nvim.waitFor("'ADA'");
      await nvim.type(':buffer 1');
      await nvim.press('Enter');
    });

    it('leaves an ordinary Python file alone', async () => {
      await writeFile(workshop.path('ordinary.py'), 'x = 1\nx = 2\n');
      await nvim.type(`:edit ${workshop.path('ordinary.py')}`);
      await nvim.press('Enter', 'Space', 'r');
      const screen = await nvim.waitFor('No code actions available');
      expect(screen).not.toContain('Run cell');
      await nvim.type(':buffer 1');
      await nvim.press('Enter');
    });

    it('finds the values again after it was killed, and nothing ran', async () => {
      await nvim.kill();
      await nvim.close();
      await start('tour.py');
      const screen = await nvim.waitFor('8 planets, from Mercury to Neptune');
      expect(screen).not.toMatch(/running|queued|stale/);
    });
  });
}
