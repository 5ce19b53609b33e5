/** Which constant paths a cell surely reads. */
import { describe, expect, it } from 'vitest';
import { inputFiles } from '../../../daemon/core/check/input-files.ts';
import { parse } from '../analysis/support.ts';

const found = (code: string) =>
  inputFiles(code, parse(code)).map(({ path, span }) => `${path} ${code.slice(span.start, span.end)}`);

describe('a path is read by', () => {
  it.each([
    ['open("a.txt")'],
    ["open('a.txt', 'rb')"],
    ['open("a.txt", encoding="utf-8")'],
    ['open(file="a.txt", mode="r")'],
    ['with open("a.txt") as f:\n    f.read()'],
    ['gzip.open("a.txt")'],
    ['io.open("a.txt", "r")'],
    ['pd.read_csv("a.txt", sep=";")'],
    ['pd.read_csv(filepath_or_buffer="a.txt")'],
    ['pl.scan_parquet("a.txt")'],
    ['np.loadtxt("a.txt")'],
    ['np.load("a.txt")'],
    ['json.load(open("a.txt"))'],
    ['Path("a.txt").read_text()'],
    ['pathlib.Path("a.txt").open()'],
    ['Path("a.txt").read_bytes()'],
    ['for line in open("a.txt"):\n    pass'],
    ['x = [open("a.txt") for _ in y]'],
  ])('%s', (code) => {
    expect(found(code)).toEqual([expect.stringMatching(/^a\.txt ["']a\.txt["']$/)]);
  });
});

describe('no path is read by', () => {
  it.each([
    ['open("a.txt", "w")'],
    ['open("a.txt", mode)'],
    ['open("a.txt", mode="a")'],
    ['Path("a.txt").open("w")'],
    ['Path("a.txt").write_text("x")'],
    ['Path("a", "b.txt").read_text()'],
    ['archive.open("a.txt")'],
    ['json.loads("a.txt")'],
    ['yaml.load("a: 1")'],
    ['df.to_csv("a.txt")'],
    ['pd.read_csv(f"{a}.txt")'],
    ['pd.read_csv(sep=";")'],
    ['pd.read_csv("a" "b")'],
    ['open("a\\tb")'],
    ['if x:\n    open("a.txt")'],
    ['try:\n    open("a.txt")\nexcept OSError:\n    pass'],
    ['def f():\n    open("a.txt")'],
    ['f = lambda: open("a.txt")'],
    ['x and open("a.txt")'],
    ['open()'],
  ])('%s', (code) => {
    expect(found(code)).toEqual([]);
  });
});
