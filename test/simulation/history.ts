// One random history of a notebook: edits, moves, runs, interrupts, crashes, late answers, against a fake kernel.
import { expect } from 'vitest';
import { conflictsOf } from '../../daemon/core/graph/conflicts.ts';
import { type Graph, type GraphCell, writesOf } from '../../daemon/core/graph/graph.ts';
import { isImplicit } from '../../daemon/core/graph/implicit.ts';
import { allInputsOf, allParentsOf } from '../../daemon/core/graph/implicit-inputs.ts';
import { inputsOf } from '../../daemon/core/graph/inputs.ts';
import { nothingObserved } from '../../daemon/core/graph/observed.ts';
import { type Format, noOptions } from '../../daemon/core/notebook/notebook.ts';
import type { Step } from '../../daemon/core/scheduler/effects.ts';
import type { Event } from '../../daemon/core/scheduler/events.ts';
import { foreseeEnd } from '../../daemon/core/scheduler/on/foresight.ts';
import { standingOf, versionGiven } from '../../daemon/core/scheduler/standing.ts';
import { initialState, type RunMode, type SchedulerOptions, type State, spentKey } from '../../daemon/core/scheduler/state.ts';
import { step } from '../../daemon/core/scheduler/step.ts';
import { variablesOf } from '../../daemon/core/scheduler/values/variables.ts';
import { defaultOptions } from '../../protocol/running-options.ts';
import { pick, type Roll, random } from '../support/random.ts';
import { lookAt } from './changed-things.ts';
import { FakeKernel } from './fake-kernel.ts';
import { planViolations, repeatViolations, stepsNeeded, stepViolations, violations } from './invariants.ts';
import { freshRun } from './oracle.ts';
import { isCutBySeen, orderViolations } from './order.ts';
import { PlacelessOracle } from './placeless.ts';
import { factsOf } from './program.ts';
import { RunLedger } from './run-ledger.ts';
import { Texts } from './texts.ts';

export interface HistoryOptions {
  readonly format: Format;
  readonly names: number;
  readonly moves: number;
  /** marimo's format: cells change objects in place, too. Its readers share them, so what they hold is looked at in no other notebook. */
  readonly changesInPlace?: boolean;
  /** Most cells share states that have no variable. */
  readonly draws?: boolean;
  /** Stands between the scheduler and the simulation: where faults are planted. */
  readonly distort?: (before: State, event: Event, after: Step) => Step;
}

/** Who evaluates code in placeless steps. */
const clients = ['ann', 'bob'];

const modes: readonly RunMode[] = ['reactive', 'upstream', 'only', 'stale', 'all'];

/** Plays one history; throws when an invariant does not hold. */
export function playHistory(seed: number, options: HistoryOptions): void {
  const history = new History(seed, options);
  try {
    history.play();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${history.describe()}`, { cause: error });
  }
}

export class History {
  readonly #roll: Roll;
  readonly #options: HistoryOptions;
  readonly #undo: GraphCell[] = [];
  readonly #texts: Texts;
  #state: State;
  #kernel: FakeKernel | undefined;
  readonly #ledger = new RunLedger();
  readonly #placeless = new PlacelessOracle();
  /** A copy of a kernel holds other objects than those that the oracle has seen. */
  #evaluates = true;
  /** Step counts, by run. */
  readonly #acceptedAt = new Map<number, number>();
  #starting: number | undefined;
  #late: Event | undefined;
  /** The graph whose order was looked at last. */
  #inOrder: Graph | undefined;
  #ids = 0;

  constructor(seed: number, options: HistoryOptions) {
    this.#roll = random(seed);
    this.#options = options;
    this.#texts = new Texts(this.#roll, options);
    this.#state = initialState(options.format, { ...defaultOptions, mode: this.#roll(3) === 0 ? 'lazy' : 'eager' });
  }

  get state(): State {
    return this.#state;
  }

  play(): void {
    this.begin();
    for (let i = 0; i < this.#options.moves; i++) this.move();
    this.end();
  }

  begin(): void {
    this.#setOptions({ earlyCutoff: this.#roll(2) === 0 });
    for (let i = 3 + this.#roll(3); i > 0; i--) this.#insert();
  }

  end(): void {
    this.#settle();
    this.#run('stale', [], false);
    this.#settle();
    this.#checkSettled();
    this.#checkValues();
  }

  /** The same notebook, which goes on otherwise: with a copy of the kernel if it is told how to make it. */
  branch(seed: number, state: State, copied: ((kernel: FakeKernel) => FakeKernel) | undefined, options = this.#options): History {
    const branch = new History(seed, options);
    branch.#state = state;
    branch.#kernel = this.#kernel && copied?.(this.#kernel);
    branch.#undo.push(...this.#undo);
    // A kernel of its own begins with the same numbers, and nobody else hears it.
    branch.#late = copied && this.#late;
    branch.#texts.goOnFrom(this.#texts);
    branch.#evaluates = false;
    branch.#ids = this.#ids;
    return branch;
  }

  /** The notebook as it stands, for the message of a failure. */
  describe(): string {
    const { graph, records, kernel, options } = this.#state;
    const cells = graph.order.map((id) => {
      const cell = graph.cells.get(id) as GraphCell;
      const { inputs, written, ...record } = records.get(id) ?? {};
      const marks = `${cell.options.disabled ? ' disabled' : ''}${cell.options.manual ? ' manual' : ''}${standingOf(this.#state, id).isFresh ? ' fresh' : ''}`;
      return `${id}${marks}  ${cell.code.replaceAll('\n', ' ; ')}  ${JSON.stringify({ ...record, tokens: undefined, inputs: [...(inputs ?? [])], written: [...(written ?? [])] })}`;
    });
    return `${options.mode}, kernel ${kernel.phase}\n${cells.join('\n')}`;
  }

  /** Without `edits` the text stays as it is. */
  move(edits = true): void {
    const editing = [
      () => this.#insert(),
      () => this.#edit(),
      () => this.#edit(),
      () => this.#undoEdit(),
      () => this.#remove(),
      () => this.#reorder(),
      () => this.#toggle(),
    ];
    const moves = [
      ...(edits ? editing : []),
      () => this.#run('reactive', this.#someCells()),
      () => this.#run('reactive', this.#someCells()),
      () => this.#run('upstream', this.#someCells()),
      () => this.#run('only', this.#someCells()),
      () => this.#run('stale', []),
      () => this.#run('all', []),
      () => this.#runAll(),
      () => this.#runAll(),
      () => this.#finish(),
      () => this.#finish(),
      () => this.#finish(),
      () => this.#finish(),
      () => this.#settle(),
      () => this.#settle(),
      () => this.#settle(),
      () => this.#settle(),
      () => this.#setOptions({ mode: pick(this.#roll, ['eager', 'lazy'] as const) }),
      () => this.#setOptions({ earlyCutoff: this.#roll(2) === 0 }),
      () => this.#interrupt(),
      () => this.#cancel(),
      () => this.#moveControl(),
      () => this.#moveControl(),
      () => this.#runWithParameters(),
      () => this.#evaluateCode(),
      () => this.#evaluateCode(),
      () => this.#evaluateCode(),
      () => this.#evaluateCode(),
      () => this.#dropLayer(),
      () => this.#send({ type: 'placeless-cancelled', id: this.#state.placelessCount - this.#roll(3) }),
      () => this.#endKernel(),
      () => this.#send(this.#late),
    ];
    pick(this.#roll, moves)();
    this.#checkVariables();
    this.#checkOrder();
    if (!this.#kernel?.isBusy && this.#state.runs.length === 0) this.#checkValues();
  }

  /** Whenever a client asks, the kernel holds each value that it is told of. */
  #checkVariables(): void {
    for (const { name, cell, version } of variablesOf(this.#state)) {
      const value = this.#kernel?.values.get(version)?.get(name);
      if (value === undefined) throw new Error(`${name} of ${cell} is listed, and the kernel does not hold it`);
    }
  }

  /** The order follows from the text alone, and differs from that of the page only where plain Python certainly fails. */
  #checkOrder(): void {
    const { graph } = this.#state;
    if (graph === this.#inOrder) return;
    const wrong = orderViolations(graph);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    this.#inOrder = graph;
  }

  #evaluateCode(): void {
    if (!this.#evaluates) return;
    const { order } = this.#state.graph;
    const client = pick(this.#roll, clients);
    const code = this.#texts.placeless();
    const at = this.#roll(4) === 0 && order.length > 0 ? pick(this.#roll, order) : undefined;
    this.#send({ type: 'placeless-requested', client, clientName: client, code, facts: factsOf(code), at });
  }

  #dropLayer(): void {
    const client = pick(this.#roll, clients);
    this.#placeless.clientIsGone(client);
    this.#send({ type: 'layer-dropped', client });
  }

  #send(event: Event | undefined): void {
    if (!event) return;
    const before = this.#state;
    const honest = step(before, event);
    const { state, effects } = this.#options.distort?.(before, event, honest) ?? honest;
    this.#state = state;
    if (event.type === 'placeless-requested') this.#placeless.isAsked(before.placelessCount + 1, event, before.runCount);
    if (event.type === 'run-requested' || event.type === 'control-moved') this.#placeless.runIsAccepted(state);
    for (const effect of effects) {
      this.#ledger.note(effect);
      if (effect.type === 'start-kernel') this.#starting = effect.generation;
      if (effect.type === 'stop-kernel') this.#stop();
      if (effect.type === 'evaluate') this.#evaluate(effect);
      if (effect.type === 'evaluate-placeless') this.#evaluatePlaceless(effect);
      if (effect.type === 'placeless-finished') this.#placeless.isAnswered(effect);
    }
    const accepted = state.runs.filter(({ run }) => run > before.runCount);
    for (const { run } of accepted) this.#acceptedAt.set(run, before.stepCount);
    const wrong = [
      ...violations(state),
      ...stepViolations(before, event, state),
      ...repeatViolations(before, event, state, (run) => this.#acceptedAt.get(run) ?? 0),
      ...accepted.flatMap(planViolations),
    ];
    if (wrong.length > 0) throw new Error(`after ${event.type}: ${wrong.join('; ')}`);
  }

  #evaluate(effect: Extract<Step['effects'][number], { type: 'evaluate' }>): void {
    const kernel = this.#kernel as FakeKernel;
    kernel.evaluate(effect);
    this.#checkBound(kernel);
    this.#placeless.cellBegins(this.#state, effect, kernel);
    const own = new Set(effect.writes);
    const foreseen = foreseeEnd(this.#state);
    if (foreseen && (foreseen.written.length !== own.size || !foreseen.written.every((name) => own.has(name))))
      throw new Error(
        `${effect.cell.id} is foreseen to write ${foreseen.written.join(', ')}, and asked for ${effect.writes.join(', ')}`,
      );
    const reads = inputsOf(this.#state.runs[0]?.graph ?? this.#state.graph, effect.cell.id);
    for (const name of kernel.globals.keys()) {
      if (own.has(name) && !reads.has(name))
        throw new Error(`${name} is bound before ${effect.cell.id}, which writes it and does not read it`);
    }
  }

  #evaluatePlaceless(effect: Extract<Step['effects'][number], { type: 'evaluate-placeless' }>): void {
    const kernel = this.#kernel as FakeKernel;
    kernel.evaluatePlaceless(effect);
    this.#checkBound(kernel);
    this.#placeless.begins(this.#state, effect, kernel);
    if (foreseeEnd(this.#state)) throw new Error('the end of a placeless step is foreseen');
  }

  #checkBound(kernel: FakeKernel): void {
    const { bound } = this.#state;
    this.#checkStates(kernel);
    for (const name of new Set([...bound.keys(), ...kernel.globals.keys()])) {
      if (isImplicit(name)) continue;
      const version = bound.get(name);
      const held = version === undefined ? undefined : kernel.values.get(version)?.get(name);
      if (kernel.globals.get(name) !== held || !held)
        throw new Error(`${name} is not bound to what the state says, that of step ${version}`);
    }
    const needed = stepsNeeded(this.#state);
    for (const step of [...kernel.values.keys(), ...kernel.keptStates.keys()])
      if (!needed.has(step)) throw new Error(`the kernel keeps what step ${step} gave, and nobody can be given it`);
  }

  /** Where a version is bound that a cell gave, the state is that one; a placeless step leaves what nobody is given again. */
  #checkStates({ states, keptStates }: FakeKernel): void {
    for (const [name, state] of states) {
      const version = this.#state.bound.get(name);
      const kept = version === undefined ? undefined : keptStates.get(version)?.get(name);
      if (kept !== undefined && kept !== state) throw new Error(`${name} is not as step ${version} left it`);
      if (version === undefined) throw new Error(`${name} is set, though the state says that nobody has set it`);
    }
  }

  /** Lets the step that is under way end, and looks at what it did. */
  #end(isInterrupted = false): void {
    const kernel = this.#kernel as FakeKernel;
    const { kernel: running, runs } = this.#state;
    const changed = lookAt(kernel.values);
    const finished = kernel.finish(isInterrupted);
    if (!finished) return;
    this.#late = finished;
    if (running.phase === 'busy') this.#placeless.cellEnds(runs[0]?.graph ?? this.#state.graph, running.cell, finished, kernel);
    const check = running.phase === 'evaluating' ? this.#placeless.ends(running.placeless, finished, kernel) : undefined;
    this.#send(finished);
    const wrong = changed(this.#state);
    if (wrong.length > 0) throw new Error(wrong.join('; '));
    check?.(this.#state);
  }

  #stop(): void {
    const generation = this.#kernel?.generation ?? this.#starting;
    this.#kernel = undefined;
    this.#starting = undefined;
    this.#placeless.kernelIsGone();
    if (generation !== undefined) this.#send({ type: 'kernel-died', generation });
  }

  #finish(): void {
    if (this.#starting !== undefined) {
      const generation = this.#starting;
      this.#starting = undefined;
      this.#kernel = new FakeKernel(generation);
      this.#send({ type: 'kernel-started', generation });
      return;
    }
    if (this.#kernel) this.#end();
  }

  #settle(): void {
    for (let i = 0; i < 1000 && (this.#kernel?.isBusy || this.#starting !== undefined || this.#isWaiting); i++) this.#finish();
    expect(this.#isWaiting, 'runs and placeless steps come to an end').toBe(false);
    expect(this.#placeless.unanswered, 'every placeless step is answered').toEqual([]);
  }

  get #isWaiting(): boolean {
    return this.#state.runs.length > 0 || this.#state.placeless.length > 0;
  }

  #interrupt(): void {
    this.#send({ type: 'interrupt-requested' });
    if (this.#roll(2) && this.#kernel) this.#end(true);
  }

  /** Seldom: what a kernel has is to be given again, too. */
  #endKernel(): void {
    const end = this.#roll(4);
    if (end > 1) return this.#settle();
    if (end === 1) return this.#crash();
    this.#send({ type: pick(this.#roll, ['restart-requested', 'stop-requested'] as const) });
  }

  /** Up to the end. */
  #runAll(): void {
    this.#run('all', []);
    this.#settle();
  }

  #crash(): void {
    const generation = this.#kernel?.generation;
    if (generation === undefined) return;
    this.#late = this.#kernel?.finish();
    this.#kernel = undefined;
    this.#placeless.kernelIsGone();
    this.#send({ type: 'kernel-died', generation });
  }

  #setOptions(options: Partial<SchedulerOptions>): void {
    this.#send({ type: 'options-changed', options: { ...this.#state.options, ...options } });
  }

  #run(mode: RunMode, roots: readonly string[], stopAtFailure = this.#roll(8) === 0): void {
    this.#send({ type: 'run-requested', mode, roots, parameters: undefined, stopAtFailure });
  }

  #runWithParameters(): void {
    const parameters = new Map(Array.from({ length: this.#roll(2) }, () => this.value()));
    this.#send({
      type: 'run-requested',
      mode: pick(this.#roll, modes),
      roots: this.#someCells(),
      parameters,
      stopAtFailure: false,
    });
  }

  #moveControl(): void {
    this.#send({ type: 'control-moved', values: new Map([this.value()]) });
  }

  /** A parameter and what is to stand for it. */
  value(): [string, string] {
    return [this.#texts.name(), String(this.#roll(3))];
  }

  #cancel(): void {
    const { runs } = this.#state;
    const run = this.#roll(2) ? runs[this.#roll(runs.length)]?.run : undefined;
    this.#send({ type: 'cancel-requested', run, cells: this.#roll(4) === 0 ? undefined : this.#someCells() });
  }

  #someCells(): string[] {
    const { order } = this.#state.graph;
    return order.length === 0
      ? []
      : [...new Set([pick(this.#roll, order), ...(this.#roll(4) === 0 ? [pick(this.#roll, order)] : [])])];
  }

  /** Often at the end. */
  #insert(): void {
    const cell = this.#cell(`c${this.#ids++}`, this.#texts.cell());
    const { order: before } = this.#state.graph;
    const order = before.toSpliced(this.#roll(2) === 0 ? before.length : this.#roll(before.length + 1), 0, cell.id);
    this.#send({ type: 'edited', cells: [cell], removed: [], order });
  }

  #edit(): void {
    const old = this.#anyCell();
    if (!old) return;
    this.#undo.push(old);
    this.#send({
      type: 'edited',
      cells: [{ ...this.#cell(old.id, this.#texts.edited(old.code)), options: old.options }],
      removed: [],
      order: undefined,
    });
  }

  /** Brings back an older text of a cell, or a removed cell. */
  #undoEdit(): void {
    const old = this.#undo.pop();
    if (!old) return;
    const order = this.#state.graph.cells.has(old.id) ? undefined : [...this.#state.graph.order, old.id];
    this.#send({ type: 'edited', cells: [{ ...old, facts: factsOf(old.code), observed: nothingObserved }], removed: [], order });
  }

  #remove(): void {
    const cell = this.#anyCell();
    if (!cell) return;
    this.#undo.push(cell);
    this.#send({ type: 'edited', cells: [], removed: [cell.id], order: this.#state.graph.order.filter((id) => id !== cell.id) });
  }

  #reorder(): void {
    const cell = this.#anyCell();
    if (!cell) return;
    const rest = this.#state.graph.order.filter((id) => id !== cell.id);
    this.#send({ type: 'edited', cells: [], removed: [], order: rest.toSpliced(this.#roll(rest.length + 1), 0, cell.id) });
  }

  #toggle(): void {
    const cell = this.#anyCell();
    if (!cell) return;
    const key = pick(this.#roll, ['disabled', 'disabled', 'manual'] as const);
    this.#send({
      type: 'edited',
      cells: [{ ...cell, options: { ...cell.options, [key]: !cell.options[key] } }],
      removed: [],
      order: undefined,
    });
  }

  #anyCell(): GraphCell | undefined {
    const { order, cells } = this.#state.graph;
    return order.length === 0 ? undefined : cells.get(pick(this.#roll, order));
  }

  #cell(id: string, code: string): GraphCell {
    return { id, kind: 'code', name: undefined, code, options: noOptions, facts: factsOf(code), observed: nothingObserved };
  }

  /** Nothing that a settled `stale` run was asked for is stale, unless a lost or manual ancestor keeps it so. */
  #checkSettled(): void {
    const { state } = { state: this.#state };
    const isExcused = (id: string, seen: ReadonlySet<string> = new Set()): boolean => {
      if (seen.has(id)) return false;
      // What is used up of a manual cell is made again only when that is named.
      if ([...allParentsOf(state.graph, id)].some((parent) => state.graph.cells.get(parent)?.options.manual)) return true;
      const cell = state.graph.cells.get(id) as GraphCell;
      const record = state.records.get(id);
      if (cell.options.manual || standingOf(state, id).blocked) return true;
      if (record && record.outcome !== 'ok' && record.outcome !== 'running') return true;
      return (
        [...allParentsOf(state.graph, id), ...(conflictsOf(state.graph).units.get(id) ?? [])].some(
          (parent) => !standingOf(state, parent).isFresh && isExcused(parent, new Set([...seen, id])),
        ) ||
        this.#foundLate(id) ||
        this.#takenAside(id) ||
        this.#sharedLazily(id)
      );
    };
    for (const id of state.graph.order)
      if (!standingOf(state, id).isFresh) expect(isExcused(id), `${id} is fresh or excused`).toBe(true);
  }

  /** A cell whose writers became others because a name was found, in the very run, after its turn. */
  #foundLate(id: string): boolean {
    const { graph } = this.#state;
    const seen = [...graph.cells.values()].flatMap(({ observed }) => [
      ...observed.writes,
      ...observed.changes.map(({ name }) => name),
      ...(observed.implicit?.writes ?? []),
    ]);
    return seen.some((name) => graph.readers.get(name)?.has(id) || allInputsOf(graph, id).has(name)) || isCutBySeen(graph, id);
  }

  /** A cell that runs before this one changes what this one is given, under another name: it has another object under this one. No order gives both. */
  #takenAside(id: string): boolean {
    const { graph, records, spent } = this.#state;
    const isAside = (by: string | undefined, name: string) =>
      by !== undefined && graph.cells.get(by)?.facts.mutations.has(name) === false;
    return [...inputsOf(graph, id)].some(([name, givers]) =>
      givers.some((giver) =>
        spent.get(spentKey(versionGiven(records.get(giver), name) ?? 0, name))?.some(({ cell }) => isAside(cell, name)),
      ),
    );
  }

  /** A lazy run makes a definition run again for who changes its object, and only marks the other readers. */
  #sharedLazily(id: string): boolean {
    const { graph, options } = this.#state;
    const changed = new Set([...graph.cells.values()].flatMap((cell) => [...cell.facts.mutations.keys()]));
    return options.mode === 'lazy' && [...inputsOf(graph, id).keys()].some((name) => changed.has(name));
  }

  /** The names of every fresh cell equal those of one fresh run of the current text, used-up versions aside. */
  #checkValues(): void {
    const state = this.#state;
    if (this.#options.changesInPlace) return;
    // What a cell binds or changes behind its text is known only once it has run.
    const isHidden = (id: string) => /exec|~[ \w]*#|poke|draw|seed/.test(state.graph.cells.get(id)?.code ?? '');
    if (state.graph.order.some((id) => !standingOf(state, id).isFresh && isHidden(id))) return;
    const fresh = freshRun(state);
    for (const id of state.graph.order) {
      const record = state.records.get(id);
      if (!standingOf(state, id).isFresh || !record) continue;
      const wanted = fresh.get(id);
      if (!wanted) throw new Error(`${id} is fresh, though a fresh run does not come to its end`);
      for (const name of record.written) {
        // A function that bound the name when the cell called it may be gone: then nobody asks this cell for it.
        const isState = isImplicit(name);
        if (!isState && !writesOf(state.graph.format, state.graph.cells.get(id) as GraphCell).has(name)) continue;
        const version = versionGiven(record, name) ?? record.step;
        if (state.spent.has(spentKey(version, name))) continue;
        const { values, keptStates } = this.#kernel ?? {};
        const value = isState ? keptStates?.get(version)?.get(name) : values?.get(version)?.get(name)?.value;
        if (value !== wanted?.get(name)) throw new Error(`${name} of ${id} is ${value}, and ${wanted?.get(name)} in a fresh run`);
      }
    }
  }
}
