/** Placeless steps: code that runs in the names of a notebook and is no cell. */
import * as z from 'zod';
import { CellId } from './cell-id.ts';
import { ErrorView, Output, StreamName } from './outputs.ts';
import type { Described } from './read-only.ts';

export const OutputChange = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('output.added'), output: Output }),
    z.object({
      type: z.literal('output.appended'),
      index: z.int(),
      text: z.string(),
      from: z.int().nonnegative().optional(),
      stream: StreamName.optional(),
    }),
    z.object({ type: z.literal('output.gap'), index: z.int(), from: z.int().nonnegative(), to: z.int().nonnegative() }),
    z.object({ type: z.literal('output.updated'), index: z.int(), output: Output }),
    z.object({ type: z.literal('output.cleared') }),
  ])
  .describe('One change of the outputs of a step. The fields mean what they mean in the event of the same name.');
export type OutputChange = Described<typeof OutputChange>;

export const PlacelessOutcome = z
  .enum(['ok', 'raised', 'stopped', 'interrupted', 'cancelled'])
  .describe('cancelled: the step never started. stopped: it ended itself with headwater.stop() or sys.exit().');
export type PlacelessOutcome = Described<typeof PlacelessOutcome>;

export const PlacelessNames = z.object({
  stale: z.array(z.string()).describe('Names of the notebook that the code reads and whose value is out of date.'),
  defined: z.array(z.string()).describe('Names that later placeless steps of this client see, and nobody else.'),
  deleted: z.array(z.string()).describe('Names that the code deleted.'),
  changed: z
    .array(z.string())
    .describe(
      'Names of the notebook whose object the code changed in place. These versions are consumed: to restore them, run the cells that define them.',
    ),
});
export type PlacelessNames = Described<typeof PlacelessNames>;

export const PlacelessView = z.object({
  step: z.int().describe('Tracebacks name its code `<repl STEP>`.'),
  client: z.string().describe('Name of the client that requested it.'),
  code: z.string(),
  at: CellId.optional().describe('The step saw what this cell would see.'),
  startedAt: z.number().describe('Milliseconds since 1970.'),
  durationMs: z.number().optional(),
  outcome: PlacelessOutcome.optional().describe('Absent while it runs.'),
  outputs: z.array(Output),
  clearings: z.int().optional().describe('How often its outputs were cleared so far.'),
  error: ErrorView.optional(),
  names: PlacelessNames.optional().describe('Absent while it runs.'),
});
export type PlacelessView = Described<typeof PlacelessView>;

/** The events of placeless steps. `at` is what every event has. */
export function placelessEvents<At extends z.ZodRawShape>(at: At) {
  return [
    z.object({
      ...at,
      type: z.literal('placeless.started'),
      step: z.int(),
      client: z.string(),
      code: z.string(),
      at: CellId.optional(),
      startedAt: z.number(),
    }),
    z.object({
      ...at,
      type: z.literal('placeless.output'),
      step: z.int(),
      change: OutputChange,
      first: z.int().optional().describe('The event replaces all events from this number up to its own. Only gaps have it.'),
    }),
    z.object({
      ...at,
      type: z.literal('placeless.finished'),
      step: z.int(),
      outcome: PlacelessOutcome,
      durationMs: z.number(),
      error: ErrorView.optional(),
      names: PlacelessNames,
    }),
  ] as const;
}
