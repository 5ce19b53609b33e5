/** What a variant begins with, instead of the text of a file: a text of which nothing has run, or what another session has come to. */
import { refusal } from '../../protocol/errors.ts';
import { defaultOptions } from '../../protocol/running-options.ts';
import type { CellView, KernelView, Problem, RunningOptions } from '../../protocol/types.ts';
import { LiveCheck } from '../core/check/live.ts';
import type { CellId } from '../core/notebook/notebook.ts';
import { parametersOf, resolveParameters } from '../core/outline/parameters.ts';
import { openedState, withParameters } from '../core/scheduler/beginnings.ts';
import type { Parameters, State } from '../core/scheduler/state.ts';
import type { ForkedKernel } from '../kernel/kernel.ts';
import type { LiveProblems } from '../problems/live-problems.ts';
import { checkedNotebook, problemView } from '../problems/problems.ts';
import { type Settings, sameSettings } from '../problems/settings.ts';
import type { KernelHost } from './running/kernel-host.ts';
import type { StepFiles } from './running/step-files.ts';
import type { FrozenText } from './sources/frozen-text.ts';
import type { SessionText } from './sources/owned-text.ts';
import type { WatchedInputs } from './sources/watched-inputs.ts';
import type { Told } from './told/told.ts';
import { cellView, type KernelDetails } from './told/view.ts';

export interface Beginning {
  /** Name of the variant. */
  readonly variant: string;
  readonly text: FrozenText;
  readonly state: State;
  /** What clients asked for of how it runs. */
  readonly asked: Partial<RunningOptions>;
  /** What cells show; how they stand may have changed since. */
  readonly cells: Readonly<Record<CellId, CellView>>;
  readonly problems: readonly Problem[];
  readonly copied?: CopiedKernel;
}

/** The kernel is there already, with the values of another. */
export interface CopiedKernel {
  readonly kernel: ForkedKernel;
  readonly details: KernelDetails;
  /** Of the steps that gave its values. */
  readonly files: StepFiles;
}

export interface Begun {
  readonly text: SessionText;
  readonly told: Told;
  readonly kernel: KernelHost;
  readonly inputs: WatchedInputs;
  readonly problems: LiveProblems;
  readonly kernelView: () => KernelView;
}

/** The parts of the session that begins take over what is known. */
export function begin(
  { state, cells, problems: found, copied }: Beginning,
  { text, told, kernel, inputs, problems, kernelView }: Begun,
): void {
  problems.know(checkedNotebook(text.reading, state.graph));
  if (copied) kernel.adopt(state.kernel.generation, copied.kernel, copied.details);
  told.begin(cells, found, kernelView());
  if (!copied) return;
  told.tellStandingsLater(state.graph.order);
  told.tellStandings(state);
  inputs.know(new Map([...state.files].map(([file, { mark }]) => [file, mark])));
}

/** A text of which nothing has run, and what follows from it alone: made once for all variants of it. */
export class OpenedText {
  readonly text: FrozenText;
  readonly #state: State;
  readonly #cells: Readonly<Record<CellId, CellView>>;
  #problems: { readonly settings: Settings; readonly all: readonly Problem[] } | undefined;

  constructor(text: FrozenText) {
    const { format, cells } = text.reading;
    this.text = text;
    this.#state = openedState(
      format,
      defaultOptions,
      cells.map(({ cell }) => cell),
    );
    this.#cells = Object.fromEntries(cells.map((read) => [read.cell.id, cellView(this.#state, read, undefined)]));
  }

  /** Throws a refusal for parameters that do not fit. */
  beginning(variant: string, given: Readonly<Record<string, string>>, settings: Settings): Beginning {
    const state = withParameters(this.#state, parametersIn(this.#state, given));
    return { variant, text: this.text, state, asked: {}, cells: this.#cells, problems: this.#problemsWith(settings) };
  }

  #problemsWith(settings: Settings): readonly Problem[] {
    if (!this.#problems || !sameSettings(this.#problems.settings, settings))
      this.#problems = { settings, all: this.#findProblems(settings) };
    return this.#problems.all;
  }

  #findProblems({ disabled, isStrict }: Settings): readonly Problem[] {
    const { reading, document } = this.text;
    const lineOf = (line: number) => document.text.between(line, line + 1);
    return new LiveCheck(checkedNotebook(reading, this.#state.graph), { disabled, isStrict, lineOf }).problems.map(problemView);
  }
}

/** Throws a refusal for what does not fit. */
export function parametersIn({ graph }: State, given: Readonly<Record<string, string>>): Parameters {
  const values = resolveParameters(graph, given);
  if ('problem' in values) throw refusal('bad-parameter', values.problem);
  return values;
}

/** Texts by name; null for what is to be as the text of the notebook says. */
export type ChangedParameters = Readonly<Record<string, string | null>>;

/** As `parametersIn`. A name that was set may be given back also where the text has no such parameter any more. */
export function changedParametersIn(state: State, given: ChangedParameters): ReadonlyMap<string, string | undefined> {
  const names = Object.keys(given).filter((name) => given[name] === null);
  const isKnown = (name: string) => state.parameters.has(name) || parametersOf(state.graph).some((one) => one.name === name);
  // A name that nobody knows is refused, whatever it is given.
  const entries = Object.entries(given).filter(([name, value]) => value !== null || !isKnown(name));
  const values = parametersIn(state, Object.fromEntries(entries.map(([name, value]) => [name, value ?? ''])));
  return new Map<string, string | undefined>([...values, ...names.map((name) => [name, undefined] as const)]);
}
