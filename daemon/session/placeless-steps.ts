/** What clients ask of placeless steps. */
import { refusal } from '../../protocol/errors.ts';
import { placelessCodeCharactersMax } from '../../protocol/limits.ts';
import type { PlacelessView } from '../../protocol/types.ts';
import type { CellId } from '../core/notebook/notebook.ts';
import type { ClientId, StepNumber } from '../core/scheduler/state.ts';
import { layersMax, placelessQueuedMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import { factsOfCode } from '../reading/code.ts';
import type { Loop } from './loop/loop.ts';
import type { Shown } from './shown/readable.ts';
import type { ShownSteps } from './shown/shown-steps.ts';
import type { PlacelessAnswer } from './told/placeless-answers.ts';
import type { Told } from './told/told.ts';

export interface PlacelessRequest {
  readonly client: ClientId;
  readonly clientName: string;
  readonly code: string;
  readonly at: CellId | undefined;
}

export interface PlacelessStepsOptions {
  readonly loop: Loop;
  readonly parse: Parse;
  readonly told: Told;
  readonly shown: ShownSteps;
}

export class PlacelessSteps {
  readonly #options: PlacelessStepsOptions;

  constructor(options: PlacelessStepsOptions) {
    this.#options = options;
  }

  /** Accepts it; `answer` resolves when it has ended. Throws a refusal where there is too much of something. */
  request(asked: PlacelessRequest): { readonly id: number; readonly answer: Promise<PlacelessAnswer> } {
    this.#refuseIfTooMuch(asked);
    const { loop, told, parse } = this.#options;
    const id = loop.state.placelessCount + 1;
    const answer = told.answers.wait(id);
    loop.take({ type: 'placeless-requested', ...asked, facts: factsOfCode(asked.code, parse) });
    return { id, answer };
  }

  /** One that the view keeps, with all that is kept of its outputs. */
  kept(step: StepNumber): { readonly view: PlacelessView; readonly shown: readonly Shown[] } | undefined {
    const { told, shown } = this.#options;
    if (!told.placelessStep(step)) return undefined;
    // Asked for first: it tells what waits.
    const outputs = shown.shownByPlaceless(step);
    const view = told.placelessStep(step);
    return view && { view, shown: outputs };
  }

  /** Takes it out of the queue, or interrupts it. */
  cancel(id: number): void {
    this.#options.loop.take({ type: 'placeless-cancelled', id });
  }

  /** The client is gone: so is what it defined, and what it waits for. */
  drop(client: ClientId): void {
    if (this.#clients().has(client)) this.#options.loop.take({ type: 'layer-dropped', client });
  }

  #refuseIfTooMuch({ client, code }: PlacelessRequest): void {
    const { placeless } = this.#options.loop.state;
    if (code.length > placelessCodeCharactersMax)
      throw refusal(
        'limit-reached',
        `The code is too long: at most ${placelessCodeCharactersMax} characters are allowed. Import it.`,
      );
    if (placeless.length >= placelessQueuedMax)
      throw refusal(
        'limit-reached',
        `${placelessQueuedMax} evaluations are already waiting; cancel some, or wait for some to end.`,
      );
    const clients = this.#clients();
    if (!clients.has(client) && clients.size >= layersMax)
      throw refusal('limit-reached', `${layersMax} clients have names of their own here; one of them must detach first.`);
  }

  /** Those that have names of their own, or may soon. */
  #clients(): ReadonlySet<ClientId> {
    const { layers, placeless, kernel } = this.#options.loop.state;
    const running = kernel.phase === 'evaluating' ? [kernel.placeless] : [];
    return new Set([...layers.keys(), ...[...placeless, ...running].map(({ client }) => client)]);
  }
}
