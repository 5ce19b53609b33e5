// One random history that branches: forks, each with a copy of the kernel, and variants, each with a kernel of its own. All go on beside
// each other; each is held to the invariants and to the oracle as a history alone is.
import { expect } from 'vitest';
import { readersAfter } from '../../daemon/core/graph/changers.ts';
import { cellOf, type GraphCell } from '../../daemon/core/graph/graph.ts';
import { allChildrenOf } from '../../daemon/core/graph/implicit-inputs.ts';
import { nothingObserved } from '../../daemon/core/graph/observed.ts';
import { forkState, isAtRest, openedState, withParameters } from '../../daemon/core/scheduler/beginnings.ts';
import { standingOf } from '../../daemon/core/scheduler/standing.ts';
import type { Parameters, State } from '../../daemon/core/scheduler/state.ts';
import { statusOf } from '../../daemon/core/scheduler/status.ts';
import { pick, type Roll, random } from '../support/random.ts';
import type { FakeKernel } from './fake-kernel.ts';
import { History, type HistoryOptions } from './history.ts';
import { violations } from './invariants.ts';
import { factsOf } from './program.ts';

/** What stands between a branch and the history that it comes from: where faults are planted. */
export interface BranchFault {
  /** Of a fork. */
  readonly state?: (parent: State, fork: State) => State;
  /** Of a fork. */
  readonly kernel?: (kernel: FakeKernel) => FakeKernel;
  /** After each event of a fork or variant. */
  readonly after?: (parent: State, own: State) => State;
}

const branchesMax = 4;

/** Plays one family; throws when an invariant does not hold. */
export function playFamily(seed: number, options: HistoryOptions, fault: BranchFault = {}): void {
  const family = new Family(seed, options, fault);
  try {
    family.play();
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${family.describe()}`, { cause: error });
  }
}

interface Member {
  readonly history: History;
  readonly kind: 'first' | 'fork' | 'variant';
  /** Whether its text may change: in a session that of a branch does not. */
  readonly isEdited: boolean;
}

class Family {
  readonly #roll: Roll;
  readonly #options: HistoryOptions;
  readonly #fault: BranchFault;
  readonly #members: Member[];
  #current: Member;

  constructor(seed: number, options: HistoryOptions, fault: BranchFault) {
    this.#roll = random(seed ^ 0x5eed);
    this.#options = options;
    this.#fault = fault;
    this.#current = { history: new History(seed, options), kind: 'first', isEdited: true };
    this.#members = [this.#current];
  }

  play(): void {
    this.#current.history.begin();
    for (let i = 0; i < this.#options.moves; i++) this.#move();
    for (const member of this.#members) {
      this.#current = member;
      member.history.end();
    }
  }

  describe(): string {
    const { history, kind } = this.#current;
    return `${kind} ${this.#members.indexOf(this.#current) + 1} of ${this.#members.length}, ${history.describe()}`;
  }

  #move(): void {
    this.#current = pick(this.#roll, this.#members);
    if (this.#members.length < branchesMax && this.#roll(6) === 0) this.#branch();
    this.#current.history.move(this.#current.isEdited);
  }

  /** The history goes on as its branch does. */
  #branch(): void {
    const { history } = this.#current;
    if (this.#roll(3) === 0) this.#add('variant', variantOf(history.state), undefined);
    else if (isAtRest(history.state)) this.#fork(history.state);
  }

  #fork(parent: State): void {
    const { state: distort = (_, fork) => fork, kernel: copied = (kernel) => kernel.fork() } = this.#fault;
    const fork = distort(parent, forkState(parent));
    checkSame(parent, fork);
    this.#add('fork', fork, copied);
  }

  #add(kind: 'fork' | 'variant', state: State, copied: ((kernel: FakeKernel) => FakeKernel) | undefined): void {
    const parent = this.#current.history;
    const values = new Map(Array.from({ length: this.#roll(3) }, () => parent.value()));
    const begun = withParameters(state, values);
    checkParameters(state, begun, values);
    const { after: distort } = this.#fault;
    const options = distort && {
      ...this.#options,
      distort: (_: State, __: unknown, after: { state: State }) => ({ ...after, state: distort(parent.state, after.state) }),
    };
    const history = parent.branch(this.#roll(0x7fffffff), begun, copied, options as HistoryOptions | undefined);
    this.#members.push({ history, kind, isEdited: this.#roll(2) === 0 });
  }
}

/** The text of today, of which nothing has run. */
function variantOf({ graph, options }: State): State {
  const asText = (cell: GraphCell) => ({ ...cell, facts: factsOf(cell.code), observed: nothingObserved });
  const cells = graph.order.map((id) => asText(cellOf(graph, id)));
  return openedState(graph.format, options, cells);
}

/** What a copy has as it is. Rare histories alone would show that one of them is missing. */
const inherited = ['graph', 'records', 'removed', 'standings', 'skips', 'bound', 'spent', 'unsettled', 'parameters'] as const;

/** A copy stands as what it is a copy of, and none of its values has a number that is still to come. */
function checkSame(parent: State, fork: State): void {
  expect(violations(fork), 'what is wrong with a fork').toEqual([]);
  const statuses = (state: State) => state.graph.order.map((id) => statusOf(state, id));
  expect(statuses(fork), 'a copy stands as what it is a copy of').toEqual(statuses(parent));
  for (const name of inherited) expect(fork[name], `${name} of a copy`).toBe(parent[name]);
  const newest = Math.max(0, ...[...fork.records.values(), ...fork.removed.values()].map(({ step }) => step));
  expect(newest, 'steps of the copy follow those of the kernel').toBeLessThanOrEqual(fork.stepCount);
}

/** Values given beforehand run nothing, and make stale only what follows from them. */
function checkParameters(before: State, after: State, values: Parameters): void {
  expect(violations(after), 'what is wrong with a branch').toEqual([]);
  expect([after.stepCount, after.runCount, after.kernel]).toEqual([before.stepCount, before.runCount, before.kernel]);
  const concerned = new Set([...values.keys()].flatMap((name) => before.graph.writers.get(name) ?? []));
  for (const id of concerned)
    for (const next of [...allChildrenOf(before.graph, id), ...readersAfter(before.graph, id)]) concerned.add(next);
  for (const id of before.graph.order) {
    if (concerned.has(id)) continue;
    expect(standingOf(after, id).isFresh, `${id} does not follow from the values`).toBe(standingOf(before, id).isFresh);
  }
}
