import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeWorkerFrame, WorkerFrameReader } from '../../daemon/kernel/channel.ts';
import type { KernelEvent } from '../../daemon/kernel/kernel.ts';
import { type MarkedPiece, MarkerReader } from '../../daemon/kernel/markers.ts';
import { messageIn } from '../../daemon/kernel/messages.ts';
import { OutputOrder } from '../../daemon/kernel/output.ts';
import { workerFrameBytesMax } from '../../daemon/limits.ts';

/** Cuts bytes at the given places, wherever those fall. */
function cut(bytes: Buffer, places: readonly number[]): readonly Buffer[] {
  const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
}

function withAttachment(json: unknown, attachment: Buffer): Buffer {
  const frame = encodeWorkerFrame(json);
  frame.writeUInt32BE(frame.length - 12 + attachment.length, 4);
  return Buffer.concat([frame, attachment]);
}

describe('frames (W14)', () => {
  it('come out as they went in, however they are cut', () => {
    const one = fc.record({ json: fc.jsonValue(), attachment: fc.uint8Array() });
    fc.assert(
      fc.property(fc.array(one), fc.array(fc.nat()), (frames, places) => {
        const bytes = Buffer.concat(frames.map(({ json, attachment }) => withAttachment(json, Buffer.from(attachment))));
        const reader = new WorkerFrameReader();
        const read = cut(bytes, places).flatMap((piece) => reader.push(piece).frames);
        expect(read.map(({ json, attachments }) => [JSON.stringify(json), [...attachments]])).toEqual(
          frames.map(({ json, attachment }) => [JSON.stringify(json), [...attachment]]),
        );
      }),
    );
  });

  it.each([
    ['too large', [workerFrameBytesMax + 1, 0]],
    ['with more JSON than there is', [1, 2]],
  ])('are refused when %s', (_name, [total, json]) => {
    const head = encodeWorkerFrame(0).subarray(0, 12);
    head.writeUInt32BE(total ?? 0, 4);
    head.writeUInt32BE(json ?? 0, 8);
    expect(new WorkerFrameReader().push(head)).toEqual({ frames: [], isBroken: true });
  });
});

describe('what comes before something that is no frame (W14)', () => {
  it.each([
    ['text', Buffer.from('garbage, and more garbage')],
    ['a frame that is not JSON', withAttachment(0, Buffer.from('')).fill(0x7b, 12)],
    ['a frame with other lengths', Buffer.alloc(16, 0xff)],
    ['lengths without a mark, of a frame that never comes', Buffer.from([0, 1, 0, 0, 0, 1, 0, 0])],
    ['one byte', Buffer.from('a')],
    ['a mark that goes on otherwise', Buffer.from('\xf5HX', 'latin1')],
  ])('still counts: %s', (_, garbage) => {
    const reader = new WorkerFrameReader();
    const { frames, isBroken } = reader.push(Buffer.concat([encodeWorkerFrame({ a: 1 }), encodeWorkerFrame({ b: 2 }), garbage]));
    expect([frames.map(({ json }) => json), isBroken]).toEqual([[{ a: 1 }, { b: 2 }], true]);
    expect(reader.push(encodeWorkerFrame({ c: 3 }))).toEqual({ frames: [], isBroken: true });
  });
});

describe('what the worker says', () => {
  const names = { written: ['x'], deleted: [], untouched: [], unchanged: [] };
  const observed = { writes: [], reads: [], changes: [] };
  const outcome = { type: 'ok' };
  const end = { type: 'finished', step: 1, outcome, isPlain: true, ...names, observed, modules: [], durationMs: 0.5 };

  it('is read as it is', () => {
    const told = { ...end, modules: [['/helpers.py', '9f86']], outcome: { type: 'exited', code: 0 } };
    expect([messageIn(end), messageIn(told)]).toEqual([end, told]);
  });

  it.each([
    ...Object.keys(end).map((field) => [`without ${field}`, { ...end, [field]: undefined }] as const),
    ...Object.keys(names).map((field) => [`with a number in ${field}`, { ...end, [field]: ['x', 7] }] as const),
    ...Object.keys(observed).map(
      (field) => [`without observed ${field}`, { ...end, observed: { ...observed, [field]: undefined } }] as const,
    ),
    ...Object.keys(observed).map(
      (field) => [`with a number in observed ${field}`, { ...end, observed: { ...observed, [field]: [7] } }] as const,
    ),
    ['with another outcome', { ...end, outcome: { type: 'well' } }],
    ['that is null', null],
  ] as const)('is refused %s', (_what, said) => {
    expect(messageIn(said)).toBeUndefined();
  });
});

/** Neighbouring texts as one. */
function joined(pieces: readonly MarkedPiece[]): readonly (string | MarkedPiece)[] {
  const all: (string | MarkedPiece)[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (piece.type !== 'text') all.push(piece);
    else if (typeof last === 'string') all[all.length - 1] = last + piece.text;
    else all.push(piece.text);
  }
  return all;
}

describe('marks in a stream (W5)', () => {
  const stream = '\x1eNONCEb1;é€😀\x1eNONCEd12;\x1e\x1eNONCEx;\x1eNON\x1eNONCEe1;\x1eNONCEb99999999999999999999';

  it('are found however the stream is cut, and characters stay whole', () => {
    fc.assert(
      fc.property(fc.array(fc.nat()), (places) => {
        const reader = new MarkerReader('NONCE');
        const pieces = cut(Buffer.from(stream), places).flatMap((chunk) => reader.push(chunk));
        expect(joined([...pieces, ...reader.end()])).toEqual([
          { type: 'begin', number: 1 },
          'é€😀',
          { type: 'display', number: 12 },
          '\x1e\x1eNONCEx;\x1eNON',
          { type: 'end', number: 1 },
          '\x1eNONCEb99999999999999999999',
        ]);
      }),
    );
  });

  it('do not hold back what only looks like one and never ends', () => {
    const reader = new MarkerReader('NONCE');
    expect(reader.push(Buffer.from(`\x1eNONCEb${'1'.repeat(100)}`))).toEqual([
      { type: 'text', text: `\x1eNONCEb${'1'.repeat(100)}` },
    ]);
  });

  it('end a character that a step left unfinished', () => {
    const reader = new MarkerReader('N');
    const bytes = Buffer.concat([Buffer.from([0xe2, 0x82]), Buffer.from('\x1eNe1;a')]);
    expect(reader.push(bytes)).toEqual([
      { type: 'text', text: '\udce2\udc82' },
      { type: 'end', number: 1 },
      { type: 'text', text: 'a' },
    ]);
  });

  it('leave a character whole that an aside comes between', () => {
    const reader = new MarkerReader('N');
    const stream = [Buffer.from([0xe2, 0x82]), Buffer.from('\x1eNt3;é\x1eNr3;'), Buffer.from([0xac])];
    expect(reader.push(Buffer.concat(stream))).toEqual([
      { type: 'aside', number: 3 },
      { type: 'text', text: 'é' },
      { type: 'back', number: 3 },
      { type: 'text', text: '€' },
    ]);
  });
});

describe('the order of what comes out (W5, W6)', () => {
  const finished = {
    type: 'finished',
    step: 1,
    outcome: { type: 'ok' },
    written: [],
    deleted: [],
    observed: { writes: [], reads: [], changes: [] },
    untouched: [],
    unchanged: [],
    isPlain: false,
    durationMs: 1,
  } as const;
  const display = {
    type: 'display',
    bundle: { 'text/plain': 'd' },
    displayId: undefined,
    isUpdate: false,
    isResult: false,
  } as const;

  it('waits for a display whose place came before it, and for both streams before the end', () => {
    const events: KernelEvent[] = [];
    const output = new OutputOrder('N', (event) => events.push(event));
    output.finished(finished);
    output.text('stdout', Buffer.from('\x1eNb1;a\x1eNd7;b\x1eNe1;'));
    expect([events.map((event) => event.type), output.isHeld('stdout')]).toEqual([['stream'], true]);
    output.place(7, display);
    expect([events.map((event) => event.type), output.isHeld('stdout')]).toEqual([['stream', 'display', 'stream'], false]);
    output.text('stderr', Buffer.from('\x1eNb1;e\x1eNe1;late'));
    expect(events.map((event) => [event.type, 'step' in event ? event.step : '-'])).toEqual([
      ['stream', 1],
      ['display', 1],
      ['stream', 1],
      ['stream', 1],
      ['finished', 1],
      ['stream', undefined],
    ]);
  });

  it.each([[['stdout', 'stderr']], [['stderr', 'stdout']]] as const)(
    'tells what either stream said before a clearing before it, and the rest after it; first comes %s',
    (order) => {
      const events: KernelEvent[] = [];
      const output = new OutputOrder('N', (event) => events.push(event));
      const said = { stdout: '\x1eNb1;a\x1eNc7;b\x1eNc8;c', stderr: '\x1eNb1;d\x1eNc7;e\x1eNc8;f' };
      output.place(7, { type: 'clear', waits: false });
      output.text(order[0], Buffer.from(said[order[0]]));
      expect([events.length, output.isHeld(order[0])]).toEqual([1, true]);
      output.text(order[1], Buffer.from(said[order[1]]));
      output.place(8, { type: 'clear', waits: true });
      const told = events.map((event) => (event.type === 'stream' ? event.text : event.type));
      expect(told.map((each, at) => (each === 'clear' ? at : -1)).filter((at) => at >= 0)).toEqual([2, 5]);
      expect([told.slice(0, 2), told.slice(3, 5), told.slice(6)].map((part) => part.toSorted().join(''))).toEqual([
        'ad',
        'be',
        'cf',
      ]);
      expect(events.every((event) => 'step' in event && event.step === 1)).toBe(true);
      expect([output.isHeld('stdout'), output.isHeld('stderr')]).toEqual([false, false]);
    },
  );

  it('waits at a clearing for no stream that has ended', () => {
    const events: KernelEvent[] = [];
    const output = new OutputOrder('N', (event) => events.push(event));
    output.place(7, { type: 'clear', waits: false });
    output.text('stderr', Buffer.from('\x1eNb1;a\x1eNc7;b'));
    output.end('stdout');
    expect(events.map(({ type }) => type)).toEqual(['stream', 'clear', 'stream']);
  });

  it('tells nothing of a step before the end of the one before, whichever channel is faster', () => {
    const events: KernelEvent[] = [];
    const output = new OutputOrder('N', (event) => events.push(event));
    output.text('stdout', Buffer.from('\x1eNb1;a\x1eNe1;\x1eNb2;b\x1eNe2;\x1eNb3;c'));
    output.finished({ ...finished, step: 2 });
    output.text('stderr', Buffer.from('\x1eNb1;\x1eNe1;\x1eNb2;\x1eNe2;\x1eNb3;e'));
    expect([events.length, output.isHeld('stdout'), output.isHeld('stderr')]).toEqual([1, true, true]);
    output.finished(finished);
    expect(events.map((event) => ('text' in event ? event.text : [event.type, 'step' in event && event.step]))).toEqual([
      'a',
      ['finished', 1],
      'b',
      ['finished', 2],
      'c',
      'e',
    ]);
  });
});
