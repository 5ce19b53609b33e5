/** `[tool.headwater]` in the nearest pyproject.toml: `disable = ["code", …]`, `strict`, `auto_reload`, `preload`, and how notebooks run. */
import { parse, TomlError } from 'smol-toml';
import { messageOf } from '../../protocol/errors.ts';
import { type OptionName, optionNames, optionsIn, runningOptions } from '../../protocol/running-options.ts';
import type { RunningOptions } from '../../protocol/types.ts';
import { nearest } from '../core/analysis/nearest.ts';
import { rulesByCode } from '../core/check/rules.ts';
import { folderOf, pathIn } from '../core/paths.ts';
import type { Files } from '../host.ts';
import { settingsBytesMax } from '../limits.ts';

export interface Settings {
  readonly disabled: ReadonlySet<string>;
  readonly isStrict: boolean;
  /** Those that the project says something about. */
  readonly options: Partial<RunningOptions>;
  /** Modules of the project are loaded anew when their files have changed. */
  readonly reloadsModules: boolean;
  /** The first imports of the notebook are done beforehand, for the next restart. */
  readonly preloads: boolean;
  /** Sentences about what could not be understood, each with the file it is about. */
  readonly complaints: readonly string[];
}

const keys: readonly string[] = ['disable', 'strict', ...optionNames.map(settingName), 'auto_reload', 'preload'];
/** Settings that had another name. */
const renamed: ReadonlyMap<string, string> = new Map([['watch', 'detect_mutations']]);

export const noSettings: Settings = {
  disabled: new Set(),
  isStrict: false,
  options: {},
  reloadsModules: true,
  preloads: true,
  complaints: [],
};

/** Whether the same problems are told. */
export function sameSettings(a: Settings, b: Settings): boolean {
  return (
    a.isStrict === b.isStrict && a.disabled.size === b.disabled.size && [...a.disabled].every((code) => b.disabled.has(code))
  );
}

export async function readSettings(files: Files, notebook: string): Promise<Settings> {
  for (let folder = folderOf(notebook); ; folder = folderOf(folder)) {
    const path = pathIn(folder, 'pyproject.toml');
    const size = await files.sizeOf(path);
    if (size !== undefined) return size > settingsBytesMax ? tooLarge(path) : await readFrom(files, path);
    if (folder === folderOf(folder)) return noSettings;
  }
}

async function readFrom(files: Files, path: string): Promise<Settings> {
  try {
    return settingsIn(await files.readText(path, settingsBytesMax), path);
  } catch (error) {
    return { ...noSettings, complaints: [`${path} cannot be read, so its settings are ignored: ${messageOf(error)}`] };
  }
}

function tooLarge(path: string): Settings {
  return { ...noSettings, complaints: [`${path} is larger than ${settingsBytesMax} bytes, so its settings are ignored.`] };
}

export function settingsIn(toml: string, path: string): Settings {
  const complaints: string[] = [];
  const table = tableIn(toml, path, complaints);
  const disable = table['disable'] ?? [];
  const codes = Array.isArray(disable) ? disable.filter((code) => typeof code === 'string') : [];
  if (!Array.isArray(disable) || codes.length < disable.length)
    complaints.push(`${path}: disable must be a list of codes, as in disable = ["empty-cell"].`);
  const isStrict = booleanIn(table, 'strict', false, path, complaints);
  const options = runningOptionsIn(table, path, complaints);
  const reloadsModules = booleanIn(table, 'auto_reload', true, path, complaints);
  const preloads = booleanIn(table, 'preload', true, path, complaints);
  for (const key of Object.keys(table).filter((one) => !keys.includes(one))) complaints.push(`${path}: ${unknownSetting(key)}`);
  for (const code of codes.filter((one) => !rulesByCode.has(one))) complaints.push(`${path}: ${unknownCode(code)}`);
  return { disabled: new Set(codes), isStrict, options, reloadsModules, preloads, complaints };
}

function runningOptionsIn(table: Readonly<Record<string, unknown>>, path: string, complaints: string[]): Partial<RunningOptions> {
  const given = optionNames.filter((name) => table[settingName(name)] !== undefined);
  const options = optionsIn(Object.fromEntries(given.map((name) => [name, table[settingName(name)]])));
  for (const name of given.filter((one) => !(one in options))) {
    const values = runningOptions[name].values.map((value) => JSON.stringify(value));
    complaints.push(`${path}: ${settingName(name)} must be ${values.join(' or ')}.`);
  }
  return options;
}

/** The same word with underscores, as in all of pyproject.toml. */
function settingName(name: OptionName): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function booleanIn(
  table: Readonly<Record<string, unknown>>,
  key: string,
  otherwise: boolean,
  path: string,
  complaints: string[],
): boolean {
  const value = table[key] ?? otherwise;
  if (typeof value === 'boolean') return value;
  complaints.push(`${path}: ${key} must be true or false.`);
  return otherwise;
}

function tableIn(toml: string, path: string, complaints: string[]): Readonly<Record<string, unknown>> {
  try {
    const tool = asTable(parse(toml)['tool']);
    return asTable(tool['headwater']);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [message] = error.message.split('\n');
    complaints.push(`${path}:${error.line}:${error.column}: not valid TOML, so its settings are ignored: ${message}`);
    return {};
  }
}

function asTable(value: unknown): Readonly<Record<string, unknown>> {
  return isTable(value) ? value : {};
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownCode(code: string): string {
  return `disable names ${code}, which is not the code of a problem.${didYouMean(nearest(code, rulesByCode.keys()))}`;
}

function unknownSetting(key: string): string {
  const now = renamed.get(key);
  return `[tool.headwater] has no setting ${key}; it has ${keys.join(', ')}.${didYouMean(now ? [now] : nearest(key, keys))}`;
}

function didYouMean(names: readonly string[]): string {
  return names.length > 0 ? ` Did you mean ${names.join(' or ')}?` : '';
}
