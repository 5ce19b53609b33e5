/** Does what was decided: hands the kernel its steps, and tells the clients. */
import type { LiveEdit } from '../../core/check/live.ts';
import { noChange } from '../../core/graph/edit.ts';
import type { Effect, Evaluate, EvaluatePlaceless, Step } from '../../core/scheduler/effects.ts';
import type { State, StepNumber } from '../../core/scheduler/state.ts';
import type { Evaluation } from '../../kernel/kernel.ts';
import type { LiveProblems } from '../../problems/live-problems.ts';
import { checkedNotebook } from '../../problems/problems.ts';
import type { KernelHost } from '../running/kernel-host.ts';
import type { StepFiles } from '../running/step-files.ts';
import type { ShownSteps } from '../shown/shown-steps.ts';
import type { SessionText } from '../sources/owned-text.ts';
import { describeError, describeReason } from '../told/reasons.ts';
import type { Told } from '../told/told.ts';
import { kernelView, phaseOf, runView } from '../told/view.ts';
import type { Cause, Deeds } from './loop.ts';

export interface PerformerOptions {
  readonly kernel: KernelHost;
  readonly told: Told;
  readonly shown: ShownSteps;
  readonly files: StepFiles;
  readonly problems: LiveProblems;
  readonly text: SessionText;
  /** What the kernel is given for a step. */
  readonly evaluation: (effect: Evaluate | EvaluatePlaceless) => Evaluation;
}

export class Performer implements Deeds {
  readonly #options: PerformerOptions;

  constructor(options: PerformerOptions) {
    this.#options = options;
  }

  perform(step: Step, cause: Cause): void {
    if (cause === 'foreseen') this.#performForeseen(step);
    else if (cause.type === 'edited') this.#performEdit(step);
    else this.#performAll(step);
    const { told, kernel } = this.#options;
    if (!told.hasToldKernel(phaseOf(step.state), kernel.details.pid)) this.#tellKernel(step.state);
    // Last: the answer has the number of all that was told.
    for (const effect of step.effects) if (effect.type === 'placeless-finished') told.answers.settle(effect, told);
  }

  evaluate(effect: Evaluate | EvaluatePlaceless, after?: StepNumber): void {
    const { kernel } = this.#options.kernel;
    if (after === undefined) kernel?.evaluate(this.#options.evaluation(effect));
    else kernel?.ahead?.evaluate(this.#options.evaluation(effect), after);
  }

  get sendsAhead(): boolean {
    return this.#options.kernel.kernel?.ahead !== undefined;
  }

  takeBack(): ReadonlySet<StepNumber> | undefined {
    return this.#options.kernel.kernel?.ahead?.takeBack();
  }

  forget(steps: readonly StepNumber[]): void {
    for (const step of steps) this.#options.files.forget(step);
  }

  tellStandings(state: State): void {
    this.#options.told.tellStandings(state);
  }

  tellSomeStandings(state: State): void {
    this.#options.told.tellSomeStandings(state);
  }

  get hasUntold(): boolean {
    return this.#options.told.hasUntold;
  }

  #performAll({ state, effects }: Step): void {
    // The kernel first: it works while the rest is told.
    for (const effect of effects) if (effect.type === 'evaluate' || effect.type === 'evaluate-placeless') this.evaluate(effect);
    for (const effect of effects) this.#perform(effect, state);
  }

  /** The step that follows was sent ahead. Quick steps follow one another at once: how cells stand is told for many of them together. */
  #performForeseen({ state, effects }: Step): void {
    for (const effect of effects) {
      if (effect.type === 'standing-changed') this.#options.told.tellStandingsLater(effect.cells);
      else this.#perform(effect, state);
    }
  }

  /** The cells first, what it means for their standing after. */
  #performEdit({ state, effects }: Step): void {
    const { told, text } = this.#options;
    told.tellText(state, text.version, text.reading);
    const { cells, hasMoved, reread } = text.reading.change;
    let edit: LiveEdit = {
      cells: [...cells.map(({ id }) => id), ...(reread ? [reread.cell] : [])],
      graph: noChange,
      moved: reread ? (hasMoved ? reread : 'nowhere') : 'anywhere',
    };
    for (const effect of effects) {
      if (effect.type === 'graph-changed') edit = { ...edit, graph: effect.change };
      else this.#perform(effect, state);
    }
    told.tellSomeStandings(state);
    this.#updateProblems(state, edit);
  }

  #perform(effect: Effect, state: State): void {
    const { kernel, told, shown, problems, text } = this.#options;
    switch (effect.type) {
      case 'start-kernel':
        return void kernel.start(effect.generation);
      case 'stop-kernel':
        return void kernel.stop(effect.generation);
      case 'interrupt':
        return kernel.kernel?.interrupt(effect.step, effect.asked);
      case 'evaluate':
      case 'evaluate-placeless':
        return this.forget(effect.forget);
      case 'placeless-started':
        return shown.beginPlaceless(effect);
      case 'placeless-finished':
        return shown.endPlaceless(effect);
      case 'run-accepted':
        return told.publish({ type: 'run.accepted', run: runView(effect.run) });
      case 'run-continued':
        return told.publish({ type: 'run.continued', run: effect.run, plan: effect.plan });
      case 'run-sealed':
        // Of the steps before this one: who waits for the end of the run gets the number of this event.
        told.tellStandings(state);
        told.publish({ type: 'run.sealed', run: effect.run, outcome: effect.outcome });
        return problems.lookAgain();
      case 'step-started':
        return shown.begin(effect);
      case 'step-finished':
        shown.end(effect, (error) => describeError(state.graph, effect.cell, error));
        return told.tellEmptied(state, text.version, text.reading, effect.cell);
      case 'step-skipped':
        return shown.pass(effect.run, effect.cell, 'skipped', describeReason(state.graph, effect.reason, effect.cell));
      case 'step-cached':
        return shown.pass(effect.run, effect.cell, 'cached', 'it has run with this text and these inputs');
      case 'standing-changed':
        told.tellStandingsLater(effect.cells);
        return told.tellSomeStandings(state);
      case 'kernel-changed':
        return this.#tellKernel(state);
      case 'graph-changed':
        return this.#updateProblems(state, { cells: [], graph: effect.change, moved: 'nowhere' });
      case 'observed':
        if (effect.observed.writes.length === 0) return;
        return told.tellObserved(state, text.version, text.reading, effect.cell);
    }
  }

  #tellKernel(state: State): void {
    const { told, kernel } = this.#options;
    told.tellKernel(kernelView(state, kernel.details));
  }

  #updateProblems({ graph }: State, edit: LiveEdit): void {
    this.#options.problems.update(checkedNotebook(this.#options.text.reading, graph), edit);
  }
}
