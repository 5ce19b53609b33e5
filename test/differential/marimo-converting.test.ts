/** marimo's own notebooks there and back: what comes back is what marimo writes for them, byte for byte. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { convertText } from '../../daemon/convert/convert.ts';
import type { FileFormat } from '../../daemon/core/notebook/formats/document.ts';
import { loadParser } from '../../daemon/node/parser.ts';
import { askingBy } from '../../daemon/node/python/ask.ts';
import type { Parse } from '../../daemon/parser/parser.ts';
import { percentText } from '../support/documents.ts';
import { howMany, someOf } from '../support/histories.ts';
import { marimoNotebooks, marimoSaves } from '../support/marimo.ts';

const millisecondsMax = 300_000;

const generatedScripts = howMany(300);
const seed = 20262;

let parse: Parse;
let wheel: readonly { readonly path: string; readonly text: string; readonly saved: string }[] | undefined;
let why = '';

beforeAll(async () => {
  parse = await loadParser();
  const files = await marimoNotebooks();
  if ('skipped' in files) {
    why = files.skipped;
    return;
  }
  const saved = await marimoSaves(files.notebooks.map(({ text }) => text));
  wheel = files.notebooks.flatMap(({ path, text }, index) => {
    const theirs = saved[index];
    return typeof theirs === 'string' ? [{ path, text, saved: theirs }] : [];
  });
}, millisecondsMax);

describe('the notebooks of marimo’s wheel', () => {
  it.for<FileFormat>(['marimo', 'percent', 'ipynb', 'markdown'])(
    'come back from %s',
    { timeout: millisecondsMax },
    async (by, { skip }) => {
      if (wheel === undefined) return skip(why);
      expect(wheel.length).toBeGreaterThan(100);
      const changed: string[] = [];
      for (const { path, text, saved } of someOf(wheel)) {
        const there = await to(path, text, 'marimo', by);
        const back = by === 'marimo' ? there : await to(path, there, by, 'marimo');
        if (back !== saved) changed.push(path);
        if (changed.length <= 3) expect.soft(back, path).toBe(saved);
      }
      expect(changed).toEqual([]);
    },
  );
});

describe('what scripts become', () => {
  it(`is what marimo writes when it reads it, for ${generatedScripts} of them`, { timeout: millisecondsMax }, async ({
    skip,
  }) => {
    if (wheel === undefined) return skip(why);
    // Left out: escapes in text, which marimo writes out when it lays the text out anew and we keep, and white space
    // at the ends of lines and above code, which it sometimes takes along.
    const plain = percentText.filter(
      (text) => !(text.includes('\\') && text.includes('[markdown]')) && !/[ \t]$|%%.*\n\s*^[ \t]/m.test(text),
    );
    const scripts = fc.sample(plain, { numRuns: generatedScripts, seed });
    const written: string[] = [];
    const again: string[] = [];
    for (const [index, text] of scripts.entries()) {
      written.push(await to(`script ${index}`, text, 'percent', 'marimo'));
      again.push(await to(`script ${index}`, written[index] as string, 'marimo', 'marimo'));
    }
    const saved = await marimoSaves(written);
    // marimo writes the names of cells that are no Python, and forgets them when it reads them.
    const nameless = (text: string | undefined) => text?.replaceAll(/\bname="[\p{L}\w]+"\n\)$/gmu, 'name="_"\n)');
    const changed = saved.flatMap((theirs, index) => (theirs === nameless(again[index]) ? [] : [index]));
    for (const index of changed.slice(0, 3))
      expect.soft(nameless(again[index]), `script ${index} of seed ${seed}:\n${scripts[index]}`).toBe(saved[index]);
    expect(changed).toEqual([]);
  });
});

async function to(path: string, text: string, from: FileFormat, target: FileFormat): Promise<string> {
  const environment = process.env as Record<string, string>;
  return (await convertText({ path, text, from, to: target, parse, environment, askPython: askingBy() })).text;
}
