/** A code cell as a view shows it, with nothing to tell but what a test says. */
import type { CellView } from '../../protocol/types.ts';

export function cellView({ id, code, ...fields }: Pick<CellView, 'id' | 'code'> & Partial<CellView>): CellView {
  return {
    id,
    kind: 'code',
    code,
    defs: [],
    refs: [],
    locals: [],
    parents: [],
    children: [],
    status: 'fresh',
    manual: false,
    outputs: [],
    ...fields,
  };
}
