import { expect, it } from 'vitest';
import { StepFiles } from '../../../../daemon/session/running/step-files.ts';
import type { StepPlace } from '../../../../daemon/session/running/tracebacks.ts';

const at = (codeLine: number): StepPlace => ({ cell: 'a', codeLine, code: 'x', lines: 1, tokens: 'x' });

it('keeps the file name of a cell that runs again as it is and where it is', () => {
  const files = new StepFiles('/n.py');
  expect([files.nameFor(1, 'x', at(3)), files.nameFor(2, 'x', at(3)), files.nameFor(3, 'y', at(3))]).toEqual([
    '/n.py?step=1',
    '/n.py?step=1',
    '/n.py?step=3',
  ]);
  expect([files.nameFor(4, 'y', at(4)), files.cellOf(2)]).toEqual(['/n.py?step=4', 'a']);
});

it('knows where a file stood as long as one of its steps is not forgotten', () => {
  const files = new StepFiles('/n.py');
  files.nameFor(1, 'x', at(3));
  files.nameFor(2, 'x', at(3));
  files.forget(1);
  expect([files.placeOfFile(1), files.placeOf(2), files.placeOf(1)]).toEqual([at(3), at(3), undefined]);
  files.forget(2);
  expect([files.placeOfFile(1), files.placeOf(2)]).toEqual([undefined, undefined]);
  expect(files.nameFor(3, 'x', at(3))).toBe('/n.py?step=3');
});

it('goes on from what is known in a copy, and leaves what is forgotten there to the other', () => {
  const files = new StepFiles('/n.py');
  files.nameFor(1, 'x', at(3));
  const copy = files.copy();
  expect(copy.nameFor(2, 'x', at(3))).toBe('/n.py?step=1');
  copy.forget(1);
  copy.forget(2);
  expect([copy.placeOfFile(1), files.placeOfFile(1), files.placeOf(1)]).toEqual([undefined, at(3), at(3)]);
  files.forget(1);
  expect(files.placeOfFile(1)).toBeUndefined();
  expect(copy.nameFor(3, 'x', at(3))).toBe('/n.py?step=3');
});
