/** What the worker says, checked once where it comes in. */

import * as z from 'zod';
import type { KernelBundle, ValueFacts } from './kernel.ts';

const optionalNumber = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);
const optionalText = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

const frame = z.object({ file: z.string(), line: z.number(), column: optionalNumber, function: z.string(), text: z.string() });
const error = z.object({ name: z.string(), message: z.string(), frames: z.array(frame), text: z.string() });

const mutation = z.object({
  name: z.string(),
  line: optionalNumber,
  function: z
    .object({ name: z.string(), file: z.string(), line: z.number() })
    .nullish()
    .transform((value) => value ?? undefined),
  through: z.string().optional(),
  isClaimed: z.boolean().optional(),
});

const fileState = z.tuple([z.string(), optionalText]);
const files = z.object({
  read: z.array(fileState),
  written: z.array(fileState),
  changed: z.array(z.string()),
  added: z.array(z.string()),
  databases: z.array(z.string()),
  hasMore: z.boolean(),
});
const implicit = z.object({ reads: z.array(z.string()), writes: z.array(z.string()), consumes: z.array(z.string()) });

const outcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ok') }),
  z.object({ type: z.literal('raised'), error }),
  z.object({ type: z.literal('interrupted') }),
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('exited'), code: z.number(), message: optionalText }),
]);

const facts = z
  .tuple([
    z.string(),
    z.string(),
    z
      .array(z.number())
      .nullable()
      .transform((value) => value ?? undefined),
    optionalNumber,
    optionalNumber,
    optionalNumber,
  ])
  .transform(([type, preview, shape, length, bytes, asOf]): ValueFacts => ({ type, preview, shape, length, bytes, asOf }))
  .nullable()
  .transform((value) => value ?? undefined);

const answered = z.object({ type: z.literal('answered'), question: z.number(), answer: z.array(facts) });

const message = z.discriminatedUnion('type', [
  z.object({ type: z.literal('started'), version: z.string(), executable: z.string() }),
  z.object({
    type: z.literal('display'),
    number: z.number(),
    /** Text, or the length of the attachment that holds the bytes. */
    bundle: z.record(z.string(), z.union([z.string(), z.number()])),
    displayId: optionalText,
    isUpdate: z.boolean(),
    isResult: z.boolean(),
  }),
  z.object({ type: z.literal('clear'), number: z.number(), waits: z.boolean() }),
  z.object({ type: z.literal('input'), number: z.number(), prompt: z.string(), isPassword: z.boolean() }),
  z.object({ type: z.literal('input-withdrawn'), number: z.number(), input: z.number() }),
  z.object({
    type: z.literal('finished'),
    step: z.number(),
    outcome,
    isPlain: z.boolean(),
    written: z.array(z.string()),
    deleted: z.array(z.string()),
    untouched: z.array(z.string()),
    unchanged: z.array(z.string()),
    observed: z.object({
      writes: z.array(z.string()),
      reads: z.array(z.string()),
      changes: z.array(mutation),
      implicit: implicit.optional(),
      aside: z.array(z.tuple([z.string(), z.number()])).optional(),
      unwatched: z.array(z.string()).optional(),
      evaluated: z.array(z.string()).optional(),
      pure: z.array(z.string()).optional(),
      states: z.array(z.tuple([z.array(z.string()), z.boolean()])).optional(),
    }),
    modules: z.array(z.tuple([z.string(), z.string()])),
    files: files.optional(),
    durationMs: z.number(),
  }),
  answered,
]);

export type WorkerMessage = z.infer<typeof message>;
export type WorkerAnswered = z.infer<typeof answered>;

/** Undefined for what is no answer. */
export function readAnswered(json: unknown): WorkerAnswered | undefined {
  return answered.safeParse(json).data;
}

/** Undefined where it is none. */
export function messageIn(json: unknown): WorkerMessage | undefined {
  return isQuietEnd(json) ? json : message.safeParse(json).data;
}

type Finished = Extract<WorkerMessage, { type: 'finished' }>;

/** What almost every step says, and nothing else: a well-formed end of which there is little to tell. To see that by the schema takes four times as long. */
function isQuietEnd(json: unknown): json is Finished {
  const said = json as { readonly [K in keyof Finished]?: unknown } | null;
  const observed = said?.observed as { readonly [K in keyof Finished['observed']]?: unknown } | null | undefined;
  return (
    said?.type === 'finished' &&
    typeof said.step === 'number' &&
    typeof said.durationMs === 'number' &&
    (said.outcome as { readonly type?: unknown } | null)?.type === 'ok' &&
    typeof said.isPlain === 'boolean' &&
    isNone(said.modules) &&
    said.files === undefined &&
    isNames(said.written) &&
    isNames(said.deleted) &&
    isNames(said.untouched) &&
    isNames(said.unchanged) &&
    isNames(observed?.writes) &&
    isNames(observed?.reads) &&
    isNone(observed?.changes) &&
    observed?.implicit === undefined &&
    observed?.aside === undefined &&
    observed?.unwatched === undefined &&
    observed?.evaluated === undefined &&
    observed?.pure === undefined &&
    observed?.states === undefined
  );
}

function isNone(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

/** Puts the bytes that travelled behind the JSON back into their places. */
export function joinBundle(parts: Readonly<Record<string, string | number>>, attachments: Buffer): KernelBundle {
  let at = 0;
  const bundle: Record<string, string | Uint8Array> = {};
  for (const [mime, part] of Object.entries(parts)) {
    bundle[mime] = typeof part === 'string' ? part : new Uint8Array(attachments.subarray(at, at + part));
    if (typeof part === 'number') at += part;
  }
  return bundle;
}
