/** `[tool.headwater]` in the nearest pyproject.toml: `disable = ["code", …]` and `strict = true`. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface Settings {
  readonly disabled: ReadonlySet<string>;
  readonly isStrict: boolean;
}

export async function readSettings(notebook: string): Promise<Settings> {
  for (let folder = dirname(notebook); ; folder = dirname(folder)) {
    const text = await readFile(join(folder, 'pyproject.toml'), 'utf8').catch(() => undefined);
    if (text !== undefined) return settingsIn(text);
    if (folder === dirname(folder)) return { disabled: new Set(), isStrict: false };
  }
}

/** Reads this one table, and of TOML what it needs: strings without escapes, lists over several lines, comments. */
export function settingsIn(toml: string): Settings {
  const [, after = ''] = toml.split(/^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*headwater[ \t]*\][ \t]*(?:#.*)?\r?$/m);
  const [table = ''] = after.split(/^[ \t]*\[.*\][ \t]*(?:#.*)?\r?$/m);
  const plain = table.replace(/^((?:[^#"'\n]|"[^"\n]*"|'[^'\n]*')*)#.*$/gm, '$1');
  const list = /^[ \t]*disable[ \t]*=[ \t]*\[([^\]]*)\]/m.exec(plain)?.[1] ?? '';
  const codes = [...list.matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)].map(([, double, single]) => double ?? single ?? '');
  return { disabled: new Set(codes), isStrict: /^[ \t]*strict[ \t]*=[ \t]*true[ \t]*\r?$/m.test(plain) };
}
