/** `[tool.headwater]` in the nearest pyproject.toml: `disable = ["code", …]`, `strict = true` and `watch = false`. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { nearest } from '../core/analysis/nearest.ts';
import { rulesByCode } from '../core/check/rules.ts';
import { settingsBytesMax } from '../limits.ts';

export interface Settings {
  readonly disabled: ReadonlySet<string>;
  readonly isStrict: boolean;
  /** Whether steps are watched for objects that they change. */
  readonly isWatching: boolean;
  /** Sentences about what could not be understood, each with the file it is about. */
  readonly complaints: readonly string[];
}

export const noSettings: Settings = { disabled: new Set(), isStrict: false, isWatching: true, complaints: [] };

/** Whether the same problems are told. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return (
    a.isStrict === b.isStrict && a.disabled.size === b.disabled.size && [...a.disabled].every((code) => b.disabled.has(code))
  );
}

export async function readSettings(notebook: string): Promise<Settings> {
  for (let folder = dirname(notebook); ; folder = dirname(folder)) {
    const path = join(folder, 'pyproject.toml');
    const size = await stat(path).then(
      (found) => (found.isFile() ? found.size : undefined),
      () => undefined,
    );
    if (size !== undefined) return size > settingsBytesMax ? tooLarge(path) : await readFrom(path);
    if (folder === dirname(folder)) return noSettings;
  }
}

async function readFrom(path: string): Promise<Settings> {
  try {
    return settingsIn(await readFile(path, 'utf8'), path);
  } catch (error) {
    return { ...noSettings, complaints: [`${path} cannot be read, so none of its settings count: ${(error as Error).message}`] };
  }
}

function tooLarge(path: string): Settings {
  return { ...noSettings, complaints: [`${path} is larger than ${settingsBytesMax} bytes, so none of its settings count.`] };
}

export function settingsIn(toml: string, path: string): Settings {
  const complaints: string[] = [];
  const table = tableIn(toml, path, complaints);
  const disable = table['disable'] ?? [];
  const codes = Array.isArray(disable) ? disable.filter((code) => typeof code === 'string') : [];
  if (!Array.isArray(disable) || codes.length < disable.length)
    complaints.push(`${path}: disable must be a list of codes, as in disable = ["empty-cell"].`);
  const strict = table['strict'] ?? false;
  if (typeof strict !== 'boolean') complaints.push(`${path}: strict must be true or false.`);
  const watch = table['watch'] ?? true;
  if (typeof watch !== 'boolean') complaints.push(`${path}: watch must be true or false.`);
  for (const key of Object.keys(table).filter((one) => !['disable', 'strict', 'watch'].includes(one)))
    complaints.push(`${path}: [tool.headwater] has no setting ${key}; it has disable, strict and watch.`);
  for (const code of codes.filter((one) => !rulesByCode.has(one))) complaints.push(`${path}: ${unknownCode(code)}`);
  return { disabled: new Set(codes), isStrict: strict === true, isWatching: watch !== false, complaints };
}

function tableIn(toml: string, path: string, complaints: string[]): Readonly<Record<string, unknown>> {
  try {
    const tool = asTable(parse(toml)['tool']);
    return asTable(tool['headwater']);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message] = error.message.split('\n');
    complaints.push(`${path}:${error.line}:${error.column}: no TOML, so none of its settings count: ${message}`);
    return {};
  }
}

function asTable(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function unknownCode(code: string): string {
  const near = nearest(code, [...rulesByCode.keys()]);
  return `disable names ${code}, which is no code of a problem.${near.length > 0 ? ` Did you mean ${near.join(' or ')}?` : ''}`;
}
