/** `headwater variables`: what the cells of an open notebook have defined. */
import type { ResultOf, VariableView } from '../../protocol/methods.ts';
import type { Client } from '../node/client.ts';
import type { Caller } from './caller.ts';
import { noDaemon, withRunningDaemon } from './daemon.ts';
import { table } from './render/table.ts';
import { note, say } from './say.ts';
import { requireSession } from './sessions.ts';

export async function printVariables(caller: Caller, shown: string, isJson: boolean): Promise<void> {
  const listed = await withRunningDaemon(caller, async (client) => {
    const { session } = await requireSession(caller, client, shown);
    return await listAll(client, session);
  });
  if (listed === undefined) throw noDaemon();
  const { variables, note: remark } = listed;
  if (remark !== undefined) note(caller, remark);
  if (isJson) for (const variable of variables) say(caller, JSON.stringify(variable));
  else if (variables.length > 0) say(caller, variableTable(variables));
  if (variables.some(({ asOf }) => asOf !== undefined))
    note(caller, 'A cell is running. The values are as they were when the steps before it ended.');
}

async function listAll(client: Client, session: string): Promise<ResultOf<'variables/list'>> {
  let listed = await client.request('variables/list', { session });
  const variables = [...listed.variables];
  while (listed.more) {
    listed = await client.request('variables/list', { session, offset: variables.length });
    variables.push(...listed.variables);
  }
  return { ...listed, variables };
}

function variableTable(variables: readonly VariableView[]): string {
  return table(
    ['NAME', 'TYPE', 'SHAPE', 'VALUE'],
    variables.map(({ name, type, shape, length, preview }) => [
      name,
      type ?? '-',
      shape?.join(' × ') ?? String(length ?? '-'),
      preview ?? '-',
    ]),
  );
}
