/** How many steps are foreseen: many in a chain of plain ends, and few where ends are not plain. */
import { expect, it } from 'vitest';
import { foreseeEnd } from '../../../../daemon/core/scheduler/on/foresight.ts';
import { initialState, type State } from '../../../../daemon/core/scheduler/state.ts';
import { step } from '../../../../daemon/core/scheduler/step.ts';
import { stepsAheadMax } from '../../../../daemon/limits.ts';
import { StepsAhead } from '../../../../daemon/session/running/steps-ahead.ts';
import { defaultOptions } from '../../../../protocol/running-options.ts';
import { fileCell } from '../../../core/scheduler/file-bench.ts';

function running(): State {
  const cells = Array.from({ length: 300 }, (_, at) => fileCell(`c${at}`, `x${at} = #1`));
  const events = [
    { type: 'edited', cells, removed: [], order: cells.map(({ id }) => id) },
    { type: 'run-requested', mode: 'all', roots: [], parameters: undefined, stopAtFailure: false },
    { type: 'kernel-started', generation: 1 },
  ] as const;
  return events.reduce<State>((state, event) => step(state, event).state, initialState('percent', defaultOptions));
}

it('foresees all that it may, then few after an end that is not plain, and more with each plain one', () => {
  const ahead = new StepsAhead();
  let state = running();
  const extended = () => [...ahead.extend(state)].length;
  const end = (isPlain: boolean) => {
    const foreseen = foreseeEnd(state);
    if (!foreseen) throw new Error('nothing runs');
    const next = ahead.take({ ...foreseen, isPlain });
    if (!next) ahead.drop(() => true);
    state = (next ?? step(state, { ...foreseen, isPlain })).state;
    return extended();
  };
  expect(extended()).toBe(stepsAheadMax);
  expect([end(true), end(false), end(false)]).toEqual([1, 1, 1]);
  expect([end(true), end(true), end(true), end(true)]).toEqual([2, 3, 5, 9]);
});
