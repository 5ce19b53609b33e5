/**
 * How a notebook runs. An option has one name: `detectMutations` in the protocol and in the options of an editor, `detect_mutations` in settings,
 * `--no-detect-mutations` on the command line. This file does without zod, so that reading settings does not load it.
 */
export const runningOptions = {
  mode: {
    values: ['eager', 'lazy'],
    byDefault: 'eager',
    doc: 'eager: a run includes the cells that depend on what it runs; lazy: it only marks them stale.',
  },
  detectMutations: {
    values: [true, false],
    byDefault: true,
    doc: 'Notice when a cell changes an object that its text only reads.',
  },
  earlyCutoff: {
    values: [true, false],
    byDefault: false,
    doc: 'When a cell gives a name an equal value again (numbers, texts, tuples of them …), the cells that read it stay fresh.',
  },
} as const;

export type OptionName = keyof typeof runningOptions;

/** As RunningOptions in types.ts, which is described from here. */
type Options = { readonly [Name in OptionName]: (typeof runningOptions)[Name]['values'][number] };

export const optionNames = Object.keys(runningOptions) as OptionName[];

export const defaultOptions = Object.fromEntries(
  optionNames.map((name) => [name, runningOptions[name].byDefault]),
) as unknown as Options;

/** The options in a table that have a value which they can have; whatever else is in it is passed over. */
export function optionsIn(table: unknown): Partial<Options> {
  const given = (table ?? {}) as Readonly<Record<string, unknown>>;
  const valid = optionNames.filter((name) => (runningOptions[name].values as readonly unknown[]).includes(given[name]));
  return Object.fromEntries(valid.map((name) => [name, given[name]]));
}
