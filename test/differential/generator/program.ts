/** Random Python programs that compile, nearly always. */
import type { Roll } from '../../support/random.ts';
import { Context, modulePlace } from './context.ts';
import { block } from './statements.ts';

const depthMin = 2;
const depthSpread = 2;
const statementsMax = 5;
const futureEvery = 15;

export function randomProgram(roll: Roll): string {
  const on = new Context(roll, depthMin + roll(depthSpread));
  const first = on.chance(futureEvery) ? ['from __future__ import annotations'] : [];
  const declared = on.chance(futureEvery) ? [`global ${on.name()}`] : [];
  return `${[...first, ...declared, ...block(on, modulePlace, statementsMax)].join('\n')}\n`;
}
