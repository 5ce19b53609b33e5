/** Every refusal: name, code, meaning, and whether the same request may succeed later. */
export const refusals = {
  'incompatible-version': { code: -32900, retry: false, meaning: 'The peers share no protocol version.' },
  'not-initialized': { code: -32901, retry: false, meaning: 'A request came before initialize.' },
  'not-allowed': { code: -32902, retry: false, meaning: 'The token is wrong, or the role does not allow this.' },
  'no-such-session': { code: -32903, retry: false, meaning: 'No open notebook has this session id or path.' },
  'no-such-cell': { code: -32904, retry: false, meaning: 'The notebook has no cell there.' },
  'not-a-notebook': {
    code: -32905,
    retry: false,
    meaning: 'The text is not a notebook: it has no marimo app and no "# %%" line, or it is not the JSON of a Jupyter notebook.',
  },
  'unreadable-file': { code: -32906, retry: true, meaning: 'The file cannot be read.' },
  'stale-revision': { code: -32907, retry: true, meaning: 'The text has changed since the revision that the request names.' },
  'not-owner': { code: -32908, retry: false, meaning: 'Another client owns the text.' },
  'bad-parameter': { code: -32909, retry: false, meaning: 'A parameter is unknown, ambiguous, or its value does not fit.' },
  'no-interpreter': { code: -32910, retry: true, meaning: 'No Python interpreter was found.' },
  'no-such-run': { code: -32911, retry: false, meaning: 'No run has this number.' },
  'no-such-blob': { code: -32912, retry: false, meaning: 'No blob has this name, or it is no longer kept.' },
  'limit-reached': { code: -32913, retry: true, meaning: 'A limit of the daemon is reached.' },
  'no-such-input': { code: -32916, retry: false, meaning: 'No step waits for this answer.' },
  'no-such-output': { code: -32917, retry: false, meaning: 'There is no such output, or it is no longer kept.' },
  'not-answering': {
    code: -32918,
    retry: true,
    meaning: 'The kernel does not answer while the running cell holds the interpreter. Ask again when the step has ended.',
  },
  'no-such-token': { code: -32919, retry: false, meaning: 'No token like this was made, or it is over.' },
  'variant-exists': { code: -32920, retry: false, meaning: 'The variant is open already, and is not what was asked for.' },
  'frozen-text': { code: -32921, retry: false, meaning: 'The text of a variant does not change.' },
  'cannot-fork': { code: -32922, retry: false, meaning: 'The kernel cannot make a copy of itself.' },
  'not-at-rest': { code: -32923, retry: true, meaning: 'A cell is running, or there is no kernel.' },
  'unwritable-file': { code: -32926, retry: true, meaning: 'The file cannot be written: the disk is full, for example.' },
  'shutting-down': { code: -32915, retry: true, meaning: 'The daemon is shutting down.' },
} as const satisfies Record<string, { code: number; retry: boolean; meaning: string }>;

export type RefusalName = keyof typeof refusals;

export interface RefusalData {
  readonly name: RefusalName;
  readonly retry: boolean;
  readonly [detail: string]: unknown;
}

/** What a handler throws to refuse a request; on the wire it is JSON-RPC's error. */
export class Refusal extends Error {
  readonly code: number;
  readonly data: RefusalData;

  constructor(code: number, message: string, data: RefusalData) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** `message` tells a person what to do. */
export function refusal(name: RefusalName, message: string, details: Readonly<Record<string, unknown>> = {}): Refusal {
  const { code, retry } = refusals[name];
  return new Refusal(code, message, { ...details, name, retry });
}

/** The name of the refusal that a request was answered with, if it was one of ours; over a connection, or without one. */
export function refusalName(error: unknown): RefusalName | undefined {
  const data: unknown = error instanceof Error && 'data' in error ? error.data : undefined;
  const name: unknown = typeof data === 'object' && data !== null && 'name' in data ? data.name : undefined;
  return isRefusalName(name) ? name : undefined;
}

function isRefusalName(name: unknown): name is RefusalName {
  return typeof name === 'string' && Object.hasOwn(refusals, name);
}

/** What was caught, in words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** `ENOENT` and the like, where the system refused. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
