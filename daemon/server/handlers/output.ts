import type { Handlers } from '../../../protocol/connection.ts';
import { messageOf, refusal, systemCode } from '../../../protocol/errors.ts';
import { wellFormed } from '../../../protocol/utf8.ts';
import type { CellId } from '../../core/notebook/notebook.ts';
import type { Session } from '../../session/session.ts';
import { isUnlimited } from '../access.ts';
import type { Context } from '../context.ts';
import { knownCells } from './cells.ts';

export function outputHandlers({ sessions, blobs, outputFiles, client }: Context): Handlers {
  /** Who may not know of everything gets what cells show now: a name that was guessed, or is of another notebook, says nothing. */
  const isShown = (blob: string) =>
    client.access !== undefined &&
    (isUnlimited(client.access) || sessions.all.some((session) => client.mayKnow(session) && session.showsBlob(blob)));
  return {
    'output/get': async ({ session: name, cell }) => {
      const session = await sessions.get(name);
      knownCells(session, [cell]);
      session.tellOutputs(cell);
      const files = session
        .shownBy(cell)
        .flatMap((output) =>
          output.type === 'stream'
            ? []
            : Object.entries(output.bundle).flatMap(([mime, part]) => (typeof part === 'string' ? [] : [{ mime, ...part }])),
        );
      const asOf = session.cell(cell)?.asOf;
      return { text: session.textShownBy(cell), files, ...(asOf !== undefined && { asOf }) };
    },
    'output/read': async ({ session: name, cell, step, clearings, index, offset, max }) => {
      const session = await sessions.get(name);
      // Placeless steps are editors' alone.
      const placeless = client.access?.role === 'editor' ? step : undefined;
      const { last, shown } = cell === undefined ? placelessOutputs(session, placeless) : cellOutputs(session, cell, step);
      if (clearings !== undefined && clearings !== (last?.clearings ?? 0))
        throw refusal(
          'no-such-output',
          'The step has cleared its outputs since, so this text is gone; attach to the session to get its outputs.',
        );
      const output = shown[index];
      if (output?.type !== 'stream')
        throw refusal(
          'no-such-output',
          `Output ${index} of the ${cell === undefined ? 'step' : 'cell'} does not exist or is not a stream.`,
        );
      const { cut, text, ...part } = output.read(offset, max);
      return { ...part, text: wellFormed(text), ...(cut && { cut }) };
    },
    ...(outputFiles && {
      'output/file': async ({ session: name, cell }) => {
        const session = await sessions.get(name);
        knownCells(session, [cell]);
        return outputFiles.open(session, cell).catch(refuseToWrite);
      },
    }),
    'blob/read': ({ blob }) => {
      const content = isShown(blob) ? blobs.get(blob) : undefined;
      if (!content) throw refusal('no-such-blob', 'The content is no longer kept; run the cell again.');
      return { content: new Uint8Array(content), size: content.length };
    },
  };
}

interface Readable {
  readonly last: { readonly clearings?: number | undefined } | undefined;
  readonly shown: ReturnType<Session['shownBy']>;
}

function cellOutputs(session: Session, cell: CellId, step: number | undefined): Readable {
  knownCells(session, [cell]);
  session.tellOutputs(cell);
  const last = session.cell(cell)?.lastStep;
  if (step !== undefined && step !== last?.step)
    throw refusal('no-such-output', 'The cell has run again since; attach to the session to get its outputs.');
  return { last, shown: session.shownBy(cell) };
}

function placelessOutputs(session: Session, step: number | undefined): Readable {
  const kept = step === undefined ? undefined : session.placeless.kept(step);
  if (!kept) throw refusal('no-such-output', 'Name a cell, or one of the placeless steps of the view.');
  return { last: kept.view, shown: kept.shown };
}

/** What the system does not let us do is no fault of ours. */
function refuseToWrite(error: unknown): never {
  if (systemCode(error) === undefined) throw error;
  throw refusal(
    'unwritable-file',
    `The output cannot be written to a file: ${messageOf(error)}. Free space there, and try again.`,
  );
}
