import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEditor } from './editors.ts';
import { openWorkshop, type Workshop } from './notebooks.ts';
import { Terminal } from './terminal.ts';

const languages = `
[language-server.headwater]
command = "headwater"
args = ["lsp"]

[[language]]
name = "python"
language-servers = ["headwater"]
`;

const config = `
[editor]
end-of-line-diagnostics = "disable"

[editor.inline-diagnostics]
cursor-line = "hint"
other-lines = "hint"
`;

/** Helix 25.01: the oldest that is supported. */
const editor = await findEditor('hx', 'trixie');
if ('reason' in editor) console.warn(`Helix is not tested: ${editor.reason}`);

describe.skipIf('reason' in editor)('Helix', () => {
  let workshop: Workshop;
  let helix: Terminal;

  beforeAll(async () => {
    workshop = await openWorkshop();
    await mkdir(workshop.path('config/helix'), { recursive: true });
    await writeFile(workshop.path('config/helix/languages.toml'), languages);
    await writeFile(workshop.path('config/helix/config.toml'), config);
    const command = 'path' in editor ? [editor.path, workshop.path('tour.py')] : [];
    helix = await Terminal.start({ command, environment: workshop.environment, rows: 220 });
    await helix.waitFor('A tour of Headwater');
    await workshop.opened('tour.py');
  });
  afterAll(async () => {
    await helix.close();
    await workshop.close();
  });

  it('shows a second definition while it is typed, and no more when it is undone', async () => {
    await find('plot = Canvas');
    await helix.type('Odays = 1');
    await helix.waitFor('days is defined');
    await helix.press('Escape');
    await helix.waitFor(' NOR ');
    await helix.press('u');
    await helix.waitUntilGone('days is defined');
  });

  it('runs a cell from the list of code actions, and shows what follows from it below the cells', async () => {
    await find('planet_count: int');
    await helix.press('Space', 'a');
    await helix.waitFor(/Run cell \(.*below\)/);
    await helix.press('Enter');
    const screen = await helix.waitFor('A year on Ceres, by the law: 4.6 of ours');
    expect(screen).toContain('8 planets, from Mercury to Neptune');
  });

  async function find(text: string): Promise<void> {
    await helix.type(`/${text}`);
    await helix.press('Enter');
  }
});
