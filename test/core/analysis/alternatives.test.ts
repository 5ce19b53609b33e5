import { expect, it } from 'vitest';
import { factsOf } from './support.ts';

const certain = (code: string) => [...factsOf(code).defs].filter(([, def]) => !def.isConditional).map(([name]) => name);

it.each([
  ['if a: x = 1\nelif b: x = 2\nelse: x = 3', ['x']],
  ['if a: x = 1\nelif b: x = 2', []],
  ['if a: x = 1\nelif b: y = 2\nelse: x = 3', []],
  ['if a: x = 1\nelif b: raise E\nelse: x = 3', ['x']],
  ['if a: raise E\nelif b: raise E\nelse: x = 3', ['x']],
  ['if a: raise E\nelif (w := b): x = 1\nelse: x = 3', ['x', 'w']],
  ['if a: w = 1\nelif (w := b): x = 1\nelse: x = 3', ['w']],
  ['if a: w = 1\nelif b: x = 1\nelif (w := c): x = 3', []],
  ['if a: w = 1\nelif b: w = 1\nelif (w := c): x = 3', ['w']],
  ['if a: w = 1\nelif (v := b): v = 1\nelif (w := c): v = 3\nelse: pass', []],
  ['if a: raise E\nelif (v := b): v = 1\nelif (w := c): v = 3\nelse: pass', ['v']],
  ['if (w := a): x = 1\nelif b: raise E\nelse: raise E', ['w', 'x']],
  ['y = (w := 1) if a else (w := 2) if b else (w := 3)', ['w', 'y']],
  ['y = 1 if a else (w := 2) if (v := b) else (w := 3)', ['y']],
  ['y = (v := 1) if a else 2 if (v := b) else 3', ['v', 'y']],
])('%j binds for sure: %j', (code, names) => {
  expect(certain(code).sort()).toEqual(names.toSorted());
});

it('what a test binds is there in the branches behind it, and not in those before it', () => {
  const facts = factsOf('if a: r = w\nelif (w := b): r = w\nelse: r = w');
  expect(facts.refs.get('w')?.spans).toEqual([{ start: 10, end: 11 }]);
});
