/**
 * Every row of docs/what-is-watched.md on a real kernel: the notebook runs, is edited, partly run, changed back, and run again. After
 * each of these, whatever is fresh shows what a fresh run of the text shows, or the page says that it does not.
 */
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from '../../clients/node/client.ts';
import { TestDaemon } from '../support/daemon.ts';
import { someOf } from '../support/histories.ts';
import { testPython } from '../support/kernel.ts';
import { scienceInterpreter } from '../support/science.ts';
import { type Python, pythonWith } from './histories/examine.ts';
import { allKinds } from './kinds/all-kinds.ts';
import { standingOf } from './kinds/standing.ts';

const science = await scienceInterpreter();
const only = process.env['KIND'];
const kinds = only === undefined ? someOf(allKinds) : allKinds.filter((kind) => JSON.stringify(kind).includes(only));
/** What takes long to import. */
const loaded = ['asyncio', 'email.message', 'sqlite3', 'subprocess', 'unittest.mock', 'xml.dom.minidom'];
const loadedForScience = ['numpy', 'pandas', 'matplotlib.pyplot', 'sklearn.linear_model', 'PIL.Image'];

describe('what docs/what-is-watched.md says of each kind of change holds', () => {
  let daemon: TestDaemon;
  let client: Client;
  const pythons = new Map<boolean, Python>();

  beforeAll(async () => {
    daemon = await TestDaemon.create({ MPLBACKEND: 'Agg' });
    client = await daemon.client();
    pythons.set(false, await pythonWith(await testPython(), loaded));
    if ('python' in science) pythons.set(true, await pythonWith(science.python, [...loaded, ...loadedForScience]));
  });
  afterAll(async () => {
    for (const { runs } of pythons.values()) runs.stop();
    await daemon.stop();
  });

  describe.each(['percent', 'marimo'] as const)('in a %s notebook', (format) => {
    it.each(kinds.map((kind) => [kind.section, kind.kind, kind] as const))('%s: %s', async (_, __, kind) => {
      const means = pythons.get(kind.isScience);
      if (means === undefined) return;
      const folder = await mkdtemp(join(daemon.folder, 'kind-'));
      for (const [name, content] of Object.entries(kind.files)) {
        await mkdir(dirname(join(folder, name)), { recursive: true });
        await writeFile(join(folder, name), content);
      }
      const standing = await standingOf({ kind, format, folder, client, environment: daemon.environment, ...means });
      const says = kind[format];
      const isAsSaid = says === standing.is || (standing.is === 'beyond' && standing.told.has(says.replace('told: ', '')));
      expect(
        isAsSaid,
        `the page says ${says}, and it is ${standing.is}, with ${[...standing.told].join(' ')}\n${standing.story.join('\n')}`,
      ).toBe(true);
    });
  });
});
