/** The variables of a notebook, as clients list them. */
import { refusal } from '../../../protocol/errors.ts';
import { variablesListedMax } from '../../../protocol/limits.ts';
import type { ParamsOf, ResultOf, VariableView } from '../../../protocol/methods.ts';
import type { State } from '../../core/scheduler/state.ts';
import { type Variable, variablesOf } from '../../core/scheduler/values/variables.ts';
import type { Answered, Kernel, ValueFacts } from '../../kernel/kernel.ts';

type Listed = ResultOf<'variables/list'>;

/** Throws a refusal where the kernel does not answer. */
export async function listVariables(
  state: State,
  kernel: Kernel | undefined,
  { names, offset = 0, limit = variablesListedMax }: Omit<ParamsOf<'variables/list'>, 'session'>,
): Promise<Listed> {
  if (kernel === undefined) return noKernel;
  const wanted = names && new Set(names);
  const all = variablesOf(state).filter(({ name }) => wanted?.has(name) ?? true);
  const asked = all.slice(offset, offset + limit);
  const more = all.length > offset + limit;
  if (asked.length === 0) return { variables: [], more };
  const answered = await kernel.ask?.({ type: 'variables', values: asked.map(({ name, version }) => [name, version]) });
  if (answered?.type === 'gone') return noKernel;
  const facts = answered ? factsIn(answered) : [];
  return { variables: asked.map((variable, at) => viewOf(variable, facts[at])), more };
}

const noKernel: Listed = {
  variables: [],
  more: false,
  note: 'No kernel is running, so there are no values. Run a cell to start one.',
};

function factsIn(answered: Answered): readonly (ValueFacts | undefined)[] {
  if (answered.type === 'answered') return answered.facts;
  if (answered.type === 'full')
    throw refusal('limit-reached', 'Too many questions wait for the kernel; ask again when some have been answered.');
  throw refusal(
    'not-answering',
    'The kernel does not answer, because the running cell does not let it; ask again when the step has ended.',
  );
}

function viewOf({ name, cell, version }: Variable, facts: ValueFacts | undefined): VariableView {
  const { type, preview, shape, length, bytes, asOf } = facts ?? {};
  return {
    name,
    cell,
    step: version,
    ...(type !== undefined && { type }),
    ...(preview !== undefined && { preview }),
    ...(shape && { shape: [...shape] }),
    ...(length !== undefined && { length }),
    ...(bytes !== undefined && { bytes }),
    ...(asOf !== undefined && { asOf }),
  };
}
