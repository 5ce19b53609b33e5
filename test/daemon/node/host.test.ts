import { basename, dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fileNameOf, folderOf, pathIn } from '../../../daemon/core/paths.ts';
import { nodeHost } from '../../../daemon/node/host.ts';

describe('parts of a path', () => {
  const name = fc.stringMatching(/^[a-z.é ]{1,5}$/);
  const path = fc
    .tuple(fc.boolean(), fc.array(name, { minLength: 1, maxLength: 4 }))
    .map(([isAbsolute, names]) => `${isAbsolute ? '/' : ''}${names.join('/')}`);

  it('are those that Node gives', () => {
    fc.assert(
      fc.property(path, (one) => {
        expect([fileNameOf(one), folderOf(one)]).toEqual([basename(one), dirname(one)]);
      }),
    );
    expect([folderOf('/'), folderOf('.')]).toEqual(['/', '.']);
  });

  it('are put together as Node does', () => {
    expect([pathIn('/', 'a'), pathIn('/b', 'a'), pathIn('b', 'a')]).toEqual([join('/', 'a'), join('/b', 'a'), join('b', 'a')]);
  });
});

describe('bytes of a text', () => {
  const { bytes } = nodeHost;

  it.each(['', 'plain', 'é 中 😀', '\u{feff}marked', 'half \ud83d'])('are UTF-8 both ways: %j', (text) => {
    const expected = new TextEncoder().encode(text);
    const into = new Uint8Array(100);
    expect([...bytes.fromText(text)]).toEqual([...expected]);
    expect([...into.subarray(0, bytes.writeText(text, into))]).toEqual([...expected]);
    expect(bytes.toText(expected)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(expected));
    expect([...bytes.fromBase64(bytes.toBase64(expected))]).toEqual([...expected]);
  });

  it('are those of the part, where they are part of a larger buffer', () => {
    const part = new Uint8Array([1, 104, 105, 2]).subarray(1, 3);
    expect([bytes.toText(part), bytes.toBase64(part)]).toEqual(['hi', 'aGk=']);
  });
});
