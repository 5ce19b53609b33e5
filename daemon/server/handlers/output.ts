import type { Handlers } from '../../../protocol/connection.ts';
import { refusal } from '../../../protocol/errors.ts';
import { outputsText } from '../../session/shown/outputs.ts';
import type { Context } from '../context.ts';
import { knownCells } from './cells.ts';

export function outputHandlers({ sessions, blobs, outputFiles }: Context): Handlers {
  return {
    'output/get': async ({ session: name, cell }) => {
      const session = await sessions.get(name);
      knownCells(session, [cell]);
      const outputs = session.shownBy(cell);
      const files = outputs.flatMap((output) =>
        output.type === 'stream'
          ? []
          : Object.entries(output.bundle).flatMap(([mime, part]) => (typeof part === 'string' ? [] : [{ mime, ...part }])),
      );
      const asOf = session.asOf(cell);
      return { text: outputsText(outputs), files, ...(asOf !== undefined && { asOf }) };
    },
    'output/read': async ({ session: name, cell, step, clearings, index, offset, max }) => {
      const session = await sessions.get(name);
      knownCells(session, [cell]);
      if (step !== undefined && step !== session.stepOf(cell))
        throw refusal('no-such-output', 'The cell has run again since; attach to the session for its outputs.');
      const output = session.shownBy(cell)[index];
      // What waited to be told of the outputs has been told by now.
      if (clearings !== undefined && clearings !== session.clearingsOf(cell))
        throw refusal('no-such-output', 'The cell has cleared its outputs since; what stood there can be read no more.');
      if (output?.type !== 'stream') throw refusal('no-such-output', `Output ${index} of the cell is no stream, or not there.`);
      const { cut, ...part } = output.read(offset, max);
      return { ...part, ...(cut && { cut }) };
    },
    'output/file': async ({ session: name, cell }) => {
      const session = await sessions.get(name);
      knownCells(session, [cell]);
      return outputFiles.open(session, cell);
    },
    'blob/read': ({ blob }) => {
      const content = blobs.get(blob);
      if (!content) throw refusal('no-such-blob', 'The content is not kept any more; run the cell again.');
      return { content: new Uint8Array(content), size: content.length };
    },
  };
}
