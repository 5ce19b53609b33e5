import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { settingsBytesMax } from '../../../daemon/limits.ts';
import { nodeHost } from '../../../daemon/node/host.ts';
import { readSettings, settingsIn } from '../../../daemon/problems/settings.ts';
import { defaultOptions, optionNames } from '../../../protocol/running-options.ts';
import { emptyFolder } from '../../clients/cli/headwater.ts';

const docs = (page: string) => readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');

const read = (toml: string) => settingsIn(toml, 'pyproject.toml');

const unknown = (key: string, meant?: string) =>
  `[tool.headwater] has no setting ${key}; it has disable, strict, mode, detect_mutations, early_cutoff, auto_reload, preload.${meant ? ` Did you mean ${meant}?` : ''}`;

describe('[tool.headwater]', () => {
  it.each([
    ['a list on one line', '[tool.headwater]\ndisable = ["cycle", \'magic\']', ['cycle', 'magic'], false],
    [
      'a list over lines, with comments',
      '[tool.headwater] # ours\ndisable = [\n  "cycle", # "magic"\n]\nstrict = true',
      ['cycle'],
      true,
    ],
    ['a table in one line', 'tool = { headwater = { disable = ["cycle"], strict = true } }', ['cycle'], true],
    ['dotted keys', 'tool.headwater.disable = ["cycle"]', ['cycle'], false],
    ['escapes', '[tool.headwater]\ndisable = ["c\\u0079cle"]', ['cycle'], false],
    ['another tool', '[tool.other]\ndisable = ["cycle"]\nstrict = true', [], false],
    ['text that looks like it', 'x = """\n[tool.headwater]\nstrict = true\n"""', [], false],
  ])('is read from %s', (_, toml, disabled, isStrict) => {
    expect(read(toml)).toEqual({
      disabled: new Set(disabled),
      isStrict,
      options: {},
      reloadsModules: true,
      preloads: true,
      complaints: [],
    });
  });

  it('says how notebooks run, as far as it says so', () => {
    expect(read('[tool.headwater]\ndetect_mutations = false').options).toEqual({ detectMutations: false });
    expect(read('[tool.headwater]\nmode = "lazy"\ndetect_mutations = true\nearly_cutoff = true').options).toEqual({
      mode: 'lazy',
      detectMutations: true,
      earlyCutoff: true,
    });
  });

  it('says nothing of how notebooks run where it cannot be understood', () => {
    expect(read('[tool.headwater]\nmode = "lazily"\nearly_cutoff = true').options).toEqual({ earlyCutoff: true });
  });

  it.each([
    ['an unknown code', 'disable = ["cylce"]', 'disable names cylce, which is not the code of a problem. Did you mean cycle?'],
    ['a code that is like none', 'disable = ["E501"]', 'disable names E501, which is not the code of a problem.'],
    ['no list', 'disable = "cycle"', 'disable must be a list of codes, as in disable = ["empty-cell"].'],
    ['no word for preload', 'preload = "all"', 'preload must be true or false.'],
    ['no word for auto_reload', 'auto_reload = 0', 'auto_reload must be true or false.'],
    ['no word', 'strict = "yes"', 'strict must be true or false.'],
    ['a number', 'early_cutoff = 1', 'early_cutoff must be true or false.'],
    ['no word for detect_mutations', 'detect_mutations = 0', 'detect_mutations must be true or false.'],
    ['no mode', 'mode = "lazily"', 'mode must be "eager" or "lazy".'],
    ['an unknown setting', 'strictly = true', unknown('strictly', 'strict')],
    ['a setting as it is written elsewhere', 'earlyCutoff = true', unknown('earlyCutoff', 'early_cutoff')],
    ['a setting that has another name now', 'watch = false', unknown('watch', 'detect_mutations')],
    ['a setting that is like none', 'colour = "red"', unknown('colour')],
  ])('complains about %s', (_, line, complaint) => {
    expect(read(`[tool.headwater]\n${line}\n`).complaints).toEqual([`pyproject.toml: ${complaint}`]);
  });

  it('may leave modules as they are', () => {
    expect(read('[tool.headwater]\nauto_reload = false').reloadsModules).toBe(false);
    expect(read('[tool.headwater]\npreload = false').preloads).toBe(false);
  });

  it('counts for nothing where the file is no TOML, with the place of the mistake', () => {
    const { disabled, complaints } = read('[tool.headwater]\ndisable = ["cycle"]\nstrict = yes\n');
    expect([...disabled]).toEqual([]);
    expect(complaints).toEqual([expect.stringMatching(/^pyproject\.toml:3:10: not valid TOML, so its settings are ignored: /)]);
  });
});

it.each(optionNames)('the running option %s stands in the docs, with what it is by default', (name) => {
  const setting = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const byDefault = JSON.stringify(defaultOptions[name]);
  expect(docs('settings.md')).toContain(`\n| \`${setting}\` | \`${byDefault}\` |`);
  expect(docs('editors.md')).toContain(`\n| \`${name}\` | \`${setting}\` | \`${byDefault}\` |`);
});

describe('the pyproject.toml that counts', () => {
  it('is the nearest above the notebook', async () => {
    const folder = emptyFolder();
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    writeFileSync(join(folder, 'pyproject.toml'), '[tool.headwater]\nstrict = true\n');
    expect((await readSettings(nodeHost.files, join(folder, 'a', 'b', 'n.py'))).isStrict).toBe(true);
    writeFileSync(join(folder, 'a', 'pyproject.toml'), '');
    expect((await readSettings(nodeHost.files, join(folder, 'a', 'b', 'n.py'))).isStrict).toBe(false);
  });

  it('is passed over, and told, where it is too large', async () => {
    const folder = emptyFolder();
    writeFileSync(join(folder, 'pyproject.toml'), `[tool.headwater]\nstrict = true\n#${'x'.repeat(settingsBytesMax)}`);
    const { isStrict, complaints } = await readSettings(nodeHost.files, join(folder, 'n.py'));
    expect(isStrict).toBe(false);
    expect(complaints).toEqual([expect.stringContaining('is larger than 1048576 bytes')]);
  });
});
