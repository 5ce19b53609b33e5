/** A kernel: the Python that holds a notebook's names, as a process or in a page. provider.ts says where one comes from. */

/** Number of a step; unique and growing within one session. A value is named by its name and the step that gave it. */
export type StepNumber = number;

/** One step for the worker to run. */
export interface Evaluation {
  readonly step: StepNumber;
  readonly code: string;
  /** What tracebacks show and `linecache` knows. */
  readonly fileName: string;
  /** Lines before the code's first line in that file, so that line numbers are the notebook's. 0 for the first line. */
  readonly lineOffset: number;
  /** Names to bind before the step: each to the value that an earlier step gave it. Only what differs from what is bound. */
  readonly bind: readonly (readonly [name: string, step: StepNumber])[];
  /** Names to take out of the globals before the step. */
  readonly unbind: readonly string[];
  /** Steps whose values nobody can need again. */
  readonly forget: readonly StepNumber[];
  /** Names that the cell may write: the worker keeps their values under this step's number. */
  readonly writes: readonly string[];
  /** Names that the cell reads: the worker looks whether the step changes their objects. Empty where nobody asks. */
  readonly watched: readonly string[];
  /** Names whose objects its text says that it changes: other names that reach these objects are looked for. Empty where nobody asks. */
  readonly changing?: readonly string[];
  /** Values to watch, too, though they are not bound: changes of them are reported by their label. */
  readonly hidden?: readonly (readonly [label: string, name: string, step: StepNumber])[];
  /** The step is no cell's: its bindings count however it ends, and its `from __future__` for steps of this layer alone. */
  readonly layer?: string;
  /** Names to compare, at the end, with the value that an earlier step gave them. */
  readonly compare: readonly (readonly [name: string, step: StepNumber])[];
  /** Names that are to be bound, at the end, to the very object that an earlier step gave them. */
  readonly compareObjects: readonly (readonly [name: string, step: StepNumber])[];
  /** What functions read that its values hold is looked for, but for these names. Not at all where they are absent. */
  readonly knownReads?: readonly string[] | undefined;
  /**
   * The cell whose step it is, and what it was seen to do with implicit names (`<os.environ HOME>`): the worker keeps a version of those that
   * it writes, and says what differs. Such names may be in `bind`, `unbind` and `compare`, too. Absent for a step of no cell.
   */
  readonly cell?: string;
  readonly implicit?: ImplicitNames;
  /** Names that the step calls methods of, and does nothing with what they return: whether these change the object is looked for. */
  readonly doubtful?: readonly (readonly [name: string, methods: readonly string[]])[];
  /** From this step on, names are looked for that code reads which the program makes while it runs (`eval(text)`). */
  readonly tellsReads?: boolean;
  /** marimo's private names, renamed before compiling with this prefix. */
  readonly locals: readonly string[];
  readonly localPrefix: string;
  /** What is to compile, all of it, before the step runs: where one of these does not, the step fails so. */
  readonly program?: readonly ProgramPart[];
  /** The step is of a notebook in marimo's format: what marimo itself gives to a notebook is there. */
  readonly isMarimo?: boolean;
  /** Parameters: top-level assignment whose right-hand side is replaced by this Python expression. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Show the value of the last expression. */
  readonly wantsResult: boolean;
  /** Modules of the notebook's project whose files have changed are loaded anew where the step imports them. Without a word, they are. */
  readonly reloadsModules?: boolean;
  /** Which data files the step reads and writes is noted. Paths that its text names, as it names them; absent where nobody wants to know. */
  readonly files?: NamedFiles | undefined;
}

/** The code of a cell, where it stands. */
export type ProgramPart = Pick<Evaluation, 'code' | 'fileName' | 'lineOffset'>;

/** Paths in the text of a cell. */
export interface NamedFiles {
  /** Read by what may open them without telling Python. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** All others: wherever they lie, they are data. */
  readonly named: readonly string[];
}

/** Of states that Python code shares without a variable. */
export interface ImplicitNames {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** What it was given of these cannot be given again. */
  readonly consumes: readonly string[];
}

export interface KernelBundle {
  readonly [mime: string]: string | Uint8Array;
}

export interface TracebackFrame {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in characters, when Python knows it (3.11). */
  readonly column: number | undefined;
  readonly function: string;
  readonly text: string;
}

export interface PythonError {
  /** Class name, with its module unless builtin. */
  readonly name: string;
  readonly message: string;
  /** Outermost first; the worker's own frames are left out. */
  readonly frames: readonly TracebackFrame[];
  /** The whole traceback as Python would print it. */
  readonly text: string;
}

/** What a step was seen to do, though its text does not say so. After a good end the values of these names are kept like those written. */
export interface SeenInStep {
  /** Names that it bound (`exec`, `globals()[…] = …`). */
  readonly writes: readonly string[];
  /** Names that functions of the notebook read which its values hold, where that was asked. */
  readonly reads: readonly string[];
  /** Whatever the outcome: of the step's `watched`, those whose object it changed; and other bound names that reach such an object. */
  readonly changes: readonly SeenMutation[];
  /** What it did with implicit names, where that is not what the evaluation says. */
  readonly implicit?: ImplicitNames | undefined;
  /** Values that are kept and not bound, and reach such an object. Absent if there are none, like `unwatched`. */
  readonly aside?: readonly (readonly [name: string, step: StepNumber])[] | undefined;
  /** Bound names of which it was not found out in time whether they reach such an object. */
  readonly unwatched?: readonly string[] | undefined;
  /** Names that code read which the program made while it ran, where that was asked; whatever the outcome. */
  readonly evaluated?: readonly string[] | undefined;
  /** Of the step's `doubtful`, after a good end: those whose objects are of a type that the methods do not change. */
  readonly pure?: readonly string[] | undefined;
  /** States of `mo.state` that it has set: the names that are bound to each, and whether its own cell may run again for it. */
  readonly states?: readonly (readonly [names: readonly string[], allowsSelfLoops: boolean])[] | undefined;
}

/** A step changed an object of a name. Lines count from 1 in the file; known with Python 3.12 and later. */
export interface SeenMutation {
  readonly name: string;
  /** The step's own line. */
  readonly line: number | undefined;
  /** The function in which the change happened, if it was in one of the notebook's. */
  readonly function: { readonly name: string; readonly file: string; readonly line: number } | undefined;
  /** The name under which the step had the object, where that is another. */
  readonly through?: string | undefined;
  /** The step's text calls a method of it and drops what that returns. */
  readonly isClaimed?: boolean | undefined;
}

/** Absolute paths, each with what tells one state of the file from another: as it was when the step opened it to read, or when it had been written. */
export interface SeenFiles {
  readonly read: readonly FileState[];
  readonly written: readonly FileState[];
  /** Of those written: what they hold depends on what they held; the step has read that, or only added to it. */
  readonly changed: readonly string[];
  readonly added: readonly string[];
  /** Those to which it has connections. */
  readonly databases: readonly string[];
  /** It read more than are told. */
  readonly hasMore: boolean;
}

/** Without a state the file is not there. */
export type FileState = readonly [path: string, state: string | undefined];

export type StepOutcome =
  | { readonly type: 'ok' }
  | { readonly type: 'raised'; readonly error: PythonError }
  | { readonly type: 'interrupted' }
  /** It ended itself with `headwater.stop()`. */
  | { readonly type: 'stopped' }
  /** `sys.exit()`: a stop, not a death. */
  | { readonly type: 'exited'; readonly code: number; readonly message: string | undefined };

/**
 * Cancel where the step awaits, KeyboardInterrupt, the process group, and the end of the kernel with its values. A kernel that lacks one of them
 * takes the strongest below it that it has, or else the weakest; its events name the one that it took.
 */
export type InterruptLevel = 'soft' | 'sigint' | 'group' | 'kill';

export interface InterruptRequest {
  /** That one alone; without it, one after the other up to the process group, and one further each time it is asked again. */
  readonly level?: InterruptLevel | undefined;
  /** For each level; without it the bounds of limits.ts. */
  readonly deadlineMs?: number | undefined;
}

/** `taken`: the worker says so. `nothing-to-cancel`: the step does not await. `expired`: the step goes on after the deadline. */
export type InterruptState = 'sent' | 'taken' | 'nothing-to-cancel' | 'expired';

export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
}

export type KernelEvent =
  /** `pid` where it is a process. */
  | {
      readonly type: 'started';
      readonly pid?: number | undefined;
      readonly version: string;
      readonly executable: string;
    }
  /** Text that reached file descriptor 1 or 2; `step` is undefined for what no step can be named for. */
  | {
      readonly type: 'stream';
      readonly step: StepNumber | undefined;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
    }
  | {
      readonly type: 'display';
      readonly step: StepNumber | undefined;
      readonly bundle: KernelBundle;
      readonly displayId: string | undefined;
      readonly isUpdate: boolean;
      readonly isResult: boolean;
    }
  /** What the step has printed and shown goes; with `waits` when its next output comes. */
  | { readonly type: 'clear'; readonly step: StepNumber | undefined; readonly waits: boolean }
  /** The step waits for a line of text: `answer` gives it. */
  | {
      readonly type: 'input';
      readonly step: StepNumber | undefined;
      readonly input: number;
      readonly prompt: string;
      readonly isPassword: boolean;
    }
  /** The step waits no longer; it was interrupted, say. */
  | { readonly type: 'input-withdrawn'; readonly step: StepNumber | undefined; readonly input: number }
  | {
      readonly type: 'finished';
      readonly step: StepNumber;
      readonly outcome: StepOutcome;
      /** It ended well, wrote all of its `writes`, and there is nothing else to tell: what was sent ahead of its end begins. */
      readonly isPlain: boolean;
      /** Of the step's `writes`: those bound when it ended, whose values are kept under the step's number. */
      readonly written: readonly string[];
      /** Of the step's `writes`: those that were bound before it and are not any more (`del x`). */
      readonly deleted: readonly string[];
      readonly observed: SeenInStep;
      /** Of `written`: those bound to the very object that they were bound to before the step. */
      readonly untouched: readonly string[];
      /** Names of `compare` with an equal value that nobody can change, and of `compareObjects` with the same object: kept as the earlier object, under its number. */
      readonly unchanged: readonly string[];
      /** Files of the notebook's project whose modules the step imported, each with a mark of what was loaded from it. */
      readonly modules?: readonly (readonly [file: string, mark: string])[];
      /** Data files that the step read and wrote. Absent where there are none. */
      readonly files?: SeenFiles | undefined;
      readonly durationMs: number;
    }
  /** What became of an interrupt so far. */
  | { readonly type: 'interrupt'; readonly step: StepNumber; readonly level: InterruptLevel; readonly state: InterruptState }
  /** An interrupted step has ended, and these processes that its kernel started still run. Absent when there are none. */
  | { readonly type: 'survivors'; readonly step: StepNumber; readonly processes: readonly RunningProcess[] }
  /** The kernel ended, asked for or not. No event follows. `reason` is a sentence: "The kernel was killed by SIGKILL." */
  | {
      readonly type: 'died';
      readonly code: number | null;
      readonly signal: string | null;
      readonly wasAsked: boolean;
      readonly reason: string;
    };

/** Values by name and step. No code of the program runs to answer. */
export interface Question {
  readonly type: 'variables';
  readonly values: readonly (readonly [name: string, step: StepNumber])[];
}

export interface ValueFacts {
  /** Its class, with the module unless that is the notebook or Python's own. */
  readonly type: string;
  /** One line, bounded. */
  readonly preview: string;
  /** Of an array or a table. */
  readonly shape: readonly number[] | undefined;
  /** Characters of a text, items of a container. */
  readonly length: number | undefined;
  /** What an array holds. */
  readonly bytes: number | undefined;
  /** The step at whose end the value was looked at; undefined where it was looked at now. */
  readonly asOf: StepNumber | undefined;
}

/**
 * In the order of the question; undefined for what is not known. `late`: not within the deadline. `closed`: two were late, so no more is asked
 * until the step ends. `full`: too many wait. `gone`: the kernel has died.
 */
export type Answered =
  | { readonly type: 'answered'; readonly facts: readonly (ValueFacts | undefined)[] }
  | { readonly type: 'late' | 'closed' | 'full' | 'gone' };

/** Steps can be sent before their turn, so that quick ones follow one another without a round trip. */
export interface StepsSentAhead {
  /** The step begins at once when `after` has come to a plain end, and otherwise never. */
  evaluate(evaluation: Evaluation, after: StepNumber): void;
  /** Takes back what was sent ahead and has not begun. Of what is not in the answer, each has begun or is about to. */
  takeBack(): ReadonlySet<StepNumber>;
}

/** A copy of a kernel. It is there, says nothing before it is heard, and says first that it has started. */
export type ForkedKernel = (onEvent: (event: KernelEvent) => void) => Kernel;

export interface Kernel {
  /**
   * A copy with all values, of the moment of the call: what is asked of the kernel afterwards concerns it alone. To be called when no step
   * runs and none is sent ahead. Rejects with a sentence where no copy came of it. Absent where a kernel cannot be copied.
   */
  readonly fork?: (() => Promise<ForkedKernel>) | undefined;
  /** Undefined where each step has to wait for the end of the one before it. */
  readonly ahead?: StepsSentAhead | undefined;
  evaluate(evaluation: Evaluation): void;
  /** Ends the step if it is still the one that runs, never another. */
  interrupt(step: StepNumber, request?: InterruptRequest): void;
  /** What the step that waits gets to read; without a text, the end of its input. One that waits no longer hears nothing. */
  answer(input: number, text: string | undefined): void;
  /** Answered while a step runs, too: then by what was recorded when others ended. Absent where a kernel cannot be asked. */
  ask?(question: Question): Promise<Answered>;
  /** What it takes of the machine's memory, in bytes, answered while a cell runs. Absent or undefined where nobody can tell. */
  memoryBytes?(): Promise<number | undefined>;
  /** Ends the kernel: politely, then after a deadline by force. Resolves when it is gone. */
  stop(): Promise<void>;
}
