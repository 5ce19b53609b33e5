/** What has to be known to start a Python process as a notebook's kernel. */

export interface KernelOptions {
  /** The interpreter to start: an absolute path. */
  readonly python: string;
  /** Working directory of the notebook's code. */
  readonly directory: string;
  /** Environment of the client that opened the notebook. */
  readonly environment: Readonly<Record<string, string>>;
  /** The notebook's file: `__file__` and `sys.argv[0]` as a script would have them. */
  readonly file: string;
  /** `sys.argv[1:]`. */
  readonly arguments: readonly string[];
  /** It runs once, from top to bottom: what IPython's `display` prints in a script, it prints here, and no byte that it prints is lost. */
  readonly isScript?: boolean;
  /** A descriptor of this process that is the standard input of the program. Without one, clients are asked. */
  readonly input?: number | undefined;
}

/** What has to be known when the process is started; the notebook can be named later. */
export type StartPlace = Pick<KernelOptions, 'python' | 'directory' | 'environment' | 'input'>;
