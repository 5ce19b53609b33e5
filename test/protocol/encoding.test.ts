import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain } from '../../protocol/encoding.ts';
import { decodeBody, encodeBody } from '../../protocol/node/bodies.ts';
import { howMany } from '../support/histories.ts';

describe('a value', () => {
  const values = fc.jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('__proto__'));

  it.each(['json', 'msgpack'] as const)('comes back from %s as JSON would give it, whatever it is', (encoding) => {
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeBody(encodeBody(value, encoding), encoding)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it.each([
    [{ a: undefined, b: 1 }, { b: 1 }],
    [{ list: [1, undefined, 2] }, { list: [1, null, 2] }],
    [{ when: new Date(0) }, { when: '1970-01-01T00:00:00.000Z' }],
    [undefined, null],
  ])('without a JSON form is written as JSON.stringify writes it: %j', (value, expected) => {
    expect(decodeBody(encodeBody(value, 'msgpack'), 'msgpack')).toEqual(expected);
  });

  it('gets no other prototype: a field of that name is called otherwise when it comes back from MessagePack', () => {
    const value = JSON.parse('{"__proto__": {"a": 1}}') as unknown;
    const back = decodeBody(encodeBody(value, 'msgpack'), 'msgpack') as object;
    expect(Object.keys(back)).toEqual(['__proto_']);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  it('is not copied where nothing has to change', () => {
    const value = { a: [1, { b: 'c' }] };
    expect(plain(value)).toBe(value);
    expect(plain(value, () => 'bytes')).toBe(value);
  });
});

describe('bytes that are no MessagePack', () => {
  it('are refused with an error, or are a value after all; nothing else happens', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        let value: unknown;
        try {
          value = decodeBody(bytes, 'msgpack');
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          return;
        }
        expect(() => encodeBody(value, 'msgpack')).not.toThrow();
      }),
      { numRuns: howMany(5000) },
    );
  });

  it.each([
    ['an array of four thousand million values', 'ddffffffff'],
    ['a map of four thousand million values', 'dfffffffff'],
    ['a text of four thousand million bytes', 'dbffffffff'],
    ['arrays within arrays that claim more than is left', 'dc0003dc0003dc0003'],
  ])('are refused before memory is taken for %s', (_, hex) => {
    expect(() => decodeBody(Buffer.from(hex, 'hex'), 'msgpack')).toThrow('The MessagePack value is incomplete.');
  });
});
