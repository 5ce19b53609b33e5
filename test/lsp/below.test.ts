/** What a lens says of a cell is what the plan of a run of it has below: for random notebooks, in both formats and modes. */
import { describe, expect, it } from 'vitest';
import type { GraphCell } from '../../daemon/core/graph/graph.ts';
import { nothingObserved } from '../../daemon/core/graph/observed.ts';
import { type Format, noOptions } from '../../daemon/core/notebook/notebook.ts';
import { openedState } from '../../daemon/core/scheduler/beginnings.ts';
import { countAround, planRun } from '../../daemon/core/scheduler/plan.ts';
import type { State } from '../../daemon/core/scheduler/state.ts';
import { cellStanding } from '../../daemon/session/told/view.ts';
import { countsBelow } from '../../lsp/below.ts';
import { defaultOptions } from '../../protocol/running-options.ts';
import { Bench } from '../core/scheduler/bench.ts';
import { factsOf } from '../simulation/program.ts';
import { Texts } from '../simulation/texts.ts';
import { howMany } from '../support/histories.ts';
import { pick, type Roll, random } from '../support/random.ts';
import { viewOf } from './views.ts';

const seed = Number(process.env['SEED'] ?? 17);
const notebooks = howMany(400);
const names = [...'abcdefgh'];

describe.each<Format>(['percent', 'marimo'])('in %s format', (format) => {
  it(`as many cells are below as the plan says (P63) (SEED=${seed})`, () => {
    const roll = random(seed);
    let below = 0;
    for (let notebook = 0; notebook < notebooks; notebook++) {
      const state = randomState(roll, format);
      const counts = countsBelow(viewOfState(state));
      for (const id of state.graph.order) {
        const planned = countAround(planRun(state, 'reactive', [id])).below;
        expect([id, counts.get(id) ?? 0], state.graph.order.map((one) => state.graph.cells.get(one)?.code).join(' / ')).toEqual([
          id,
          planned,
        ]);
        below += planned;
      }
    }
    expect(below).toBeGreaterThan(notebooks / 2);
  });
});

/** After a run, when it is known who shares states, and who changes the objects of others. */
it.each<readonly [Format, readonly string[], string]>([
  ['percent', ['seed q #1', 'x = draw q #2', 'y = draw q #3'], '2 1 0'],
  ['marimo', ['seed q #1', 'x = draw q #2', 'y = draw q #3'], '2 1 0'],
  ['marimo', ['a = #1', 'a ! #2', 'b = a #3', 'c = b #4'], '3 2 1 0'],
  ['percent', ['a = #1', 'a ! #2', 'b = a #3', 'c = b #4'], '3 2 1 0'],
])('in %s format, %j has below: %s', (format, codes, below) => {
  const { state } = new Bench(codes, format).run('all');
  const counts = countsBelow(viewOfState(state));
  const planned = state.graph.order.map((id) => countAround(planRun(state, 'reactive', [id])).below);
  expect(state.graph.order.map((id) => counts.get(id) ?? 0)).toEqual(planned);
  expect(planned.join(' ')).toBe(below);
});

function randomState(roll: Roll, format: Format): State {
  const texts = new Texts(roll, { format, names: 7 });
  const code = (at: number) => (format === 'percent' || roll(8) === 0 ? texts.cell() : oneName(roll, at));
  const cells = Array.from({ length: 1 + roll(8) }, (_, at) => randomCell(roll, `c${at}`, code(at)));
  return openedState(format, { ...defaultOptions, mode: roll(8) === 0 ? 'lazy' : 'eager' }, cells);
}

/** In marimo's format cells that define the same name do not run. */
function oneName(roll: Roll, at: number): string {
  const reads = Array.from({ length: roll(3) }, () => names[roll(names.length)]);
  return `${pick(roll, ['', 'fn '])}${names[at]} = ${reads.join(' ')} #1`;
}

function randomCell(roll: Roll, id: string, code: string): GraphCell {
  const options = { ...noOptions, disabled: roll(10) === 0, manual: roll(10) === 0 };
  return { id, kind: 'code', name: undefined, code, options, facts: factsOf(code), observed: nothingObserved };
}

function viewOfState(state: State) {
  const sketches = state.graph.order.map((id) => {
    const cell = state.graph.cells.get(id) as GraphCell;
    const { status, parents, children } = cellStanding(state, id);
    return { id, code: cell.code, manual: cell.options.manual, status, parents, children };
  });
  return viewOf(sketches, { options: { ...defaultOptions, mode: state.options.mode } });
}
