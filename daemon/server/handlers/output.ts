import type { Handlers } from '../../../protocol/connection.ts';
import { refusal } from '../../../protocol/errors.ts';
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
      knownCells(session, [cell]);
      session.tellOutputs(cell);
      const last = session.cell(cell)?.lastStep;
      if (step !== undefined && step !== last?.step)
        throw refusal('no-such-output', 'The cell has run again since; attach to the session to get its outputs.');
      if (clearings !== undefined && clearings !== (last?.clearings ?? 0))
        throw refusal(
          'no-such-output',
          'The cell has cleared its outputs since, so this text is gone; attach to the session to get its outputs.',
        );
      const output = session.shownBy(cell)[index];
      if (output?.type !== 'stream')
        throw refusal('no-such-output', `Output ${index} of the cell does not exist or is not a stream.`);
      const { cut, ...part } = output.read(offset, max);
      return { ...part, ...(cut && { cut }) };
    },
    ...(outputFiles && {
      'output/file': async ({ session: name, cell }) => {
        const session = await sessions.get(name);
        knownCells(session, [cell]);
        return outputFiles.open(session, cell);
      },
    }),
    'blob/read': ({ blob }) => {
      const content = isShown(blob) ? blobs.get(blob) : undefined;
      if (!content) throw refusal('no-such-blob', 'The content is no longer kept; run the cell again.');
      return { content: new Uint8Array(content), size: content.length };
    },
  };
}
