import { expect, it } from 'vitest';
import { stateInWords } from '../../../../daemon/core/check/names-in-words.ts';
import { describeReason } from '../../../../daemon/session/told/reasons.ts';
import { parse } from '../../../core/analysis/support.ts';
import { graphOfCells } from '../../../support/graphs.ts';

it.each([
  ['<pyplot>', 'the open figures of pyplot'],
  ['<figure 2>', 'figure 2 of pyplot'],
  ['<state of numpy.random>', 'the random numbers of numpy.random'],
  ['<state of r[0].x in c1>', 'the random numbers of r[0].x'],
  ['<os.environ HOME>', 'the environment variable HOME'],
  ['<working directory>', 'the working directory'],
  ['<sys.path>', 'sys.path'],
  ['<matplotlib.rcParams font.size>', 'the setting font.size of matplotlib'],
  ['<numpy.errstate divide>', 'what NumPy does in case of divide'],
  ['<decimal.context traps>', 'traps of the decimal context'],
])('people read %s as %s', (name, words) => expect(stateInWords(name)).toBe(words));

it.each([
  ['stale', 'it uses the open figures of pyplot, which cell 1 changes, and cell 1 is not up to date'],
  ['failed', 'it uses the open figures of pyplot, which cell 1 changes, and cell 1 failed'],
  ['skipped', 'it uses the open figures of pyplot, which cell 1 changes, and cell 1 was skipped'],
  ['given-anew', 'it uses the open figures of pyplot, which cell 1 has changed since'],
  ['given-by', 'it uses the open figures of pyplot, which cell 1 is now the last to change before it'],
  ['used-up', 'it uses the open figures of pyplot as it is after cell 1; run cell 1 again'],
  ['not-given', 'it uses the open figures of pyplot, which no cell above changes any more'],
] as const)('a cell that is %s for a state is told which, and who changes it', (type, sentence) => {
  const graph = graphOfCells(['fig = 1', 'ax = 2'], 'percent', parse);
  const [cell, own] = graph.order as [string, string];
  expect(describeReason(graph, { type, cell, name: '<pyplot>' }, own)).toBe(sentence);
});
