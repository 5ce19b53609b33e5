/** What steps show: outputs and errors. */
import * as z from 'zod';
import { CellId } from './cell-id.ts';
import type { Described } from './read-only.ts';

/** Bytes travel as `bin` in MessagePack and as base64 text in JSON. */
export const Bytes = z.union([z.instanceof(Uint8Array), z.string()]);
export type Bytes = Described<typeof Bytes>;

export const BlobReference = z.object({
  blob: z.string().describe('SHA-256 of the content, hexadecimal; read it with blob/read.'),
  size: z.int().nonnegative().describe('Bytes.'),
});
export type BlobReference = Described<typeof BlobReference>;

export const MimeBundle = z
  .record(z.string(), z.union([z.string(), BlobReference]))
  .describe('By MIME type; text/plain is always there. Text is inline; binary content and large text are references to blobs.');
export type MimeBundle = Described<typeof MimeBundle>;

export const StreamName = z.enum(['stdout', 'stderr']);
export type StreamName = Described<typeof StreamName>;

export const Output = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('stream'),
    stream: StreamName,
    text: z
      .string()
      .describe(
        'A view has only the beginning: at most streamCharactersMax characters, and cellStreamCharactersMax for all streams of a cell.',
      ),
    elided: z.int().nonnegative().describe('How many more characters there are. Read them with output/read.'),
  }),
  z.object({ type: z.literal('display'), bundle: MimeBundle, displayId: z.string().optional() }),
  z.object({ type: z.literal('result'), bundle: MimeBundle }),
]);
export type Output = Described<typeof Output>;

export const ErrorFrame = z.object({
  file: z.string(),
  line: z.int().describe('From 1, as Python counts. The line is where it was when the step ended, as in `text`.'),
  column: z.int().optional().describe('From 1, in characters.'),
  function: z.string(),
  cell: CellId.optional(),
  cellLine: z
    .int()
    .optional()
    .describe(
      'Line within the code of the cell, from 0. It moves with the text: add codeLine of the layout to find the line now.',
    ),
  text: z.string(),
});
export type ErrorFrame = Described<typeof ErrorFrame>;

export const ErrorView = z.object({
  name: z.string().describe('The class of the exception: ValueError.'),
  message: z.string(),
  frames: z.array(ErrorFrame).describe('Outermost first.'),
  text: z.string().describe('The whole traceback as plain text.'),
  exitCode: z
    .number()
    .int()
    .optional()
    .describe('Number of a `SystemExit`. With anything else Python prints the message and exits with 1.'),
});
export type ErrorView = Described<typeof ErrorView>;
