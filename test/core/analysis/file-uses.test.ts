/** Which constant paths a cell surely reads, which it may read, and which it writes. */
import { describe, expect, it } from 'vitest';
import { normalPath } from '../../../daemon/core/analysis/constant-paths.ts';
import { fileUses, surelyRead } from '../../../daemon/core/analysis/file-uses.ts';
import { parse } from './support.ts';

const found = (code: string) =>
  surelyRead(code, fileUses(code, parse(code))).map(({ path, span }) => `${path} ${code.slice(span.start, span.end)}`);

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

/** `< path` for a read, `> path` for a write, `>> path` for a change, `- path` for a removal; `~` where it may not happen, `()` where a function does it, `?` where Python does not tell of it. */
const signs = { read: '<', write: '>', change: '>>', add: '>>', remove: '-' };
const uses = (code: string) =>
  fileUses(code, parse(code)).map(
    ({ path, access, isCertain, isDeferred, isSeen }) =>
      `${signs[access]} ${path}${isDeferred ? ' ()' : isCertain ? '' : ' ~'}${isSeen ? '' : ' ?'}`,
  );

it.each([
  ['Path("data", "a.csv").read_text()', '< data/a.csv'],
  ['(Path("data") / "a.csv").read_text()', '< data/a.csv'],
  ['pd.read_csv(Path("data") / "sub" / "a.csv")', '< data/sub/a.csv'],
  ['pd.read_csv(Path(__file__).parent / "a.csv")', '< ./a.csv'],
  ['pd.read_csv(Path(__file__).resolve().parent / "a.csv")', '< ./a.csv'],
  ['pd.read_csv(os.path.join("data", "a.csv"))', '< data/a.csv'],
  ['pd.read_csv(os.path.join(base, "a.csv"))', ''],
  ['pd.read_csv("data/" + name)', ''],
  ['pl.read_csv("a.csv")', '< a.csv ?'],
  ['pl.scan_parquet(source="a.parquet").collect()', '< a.parquet ?'],
  ['h5py.File("a.h5")', '< a.h5 ?'],
  ['h5py.File("a.h5", "w")', '> a.h5 ?'],
  ['if x:\n    pd.read_csv("a.csv")', '< a.csv ~'],
  ['def f():\n    return pl.read_csv("a.csv")', '< a.csv () ?'],
  ['open("a.txt", "w")', '> a.txt'],
  ['open("a.txt", mode="a+")', '>> a.txt'],
  ['open("a.txt", "r+")', '>> a.txt'],
  ['open("a.txt", "ab")', '>> a.txt'],
  ['open("a.txt", "wb+")', '> a.txt'],
  ['json.dump(x, open("a.json", "w"))', '> a.json'],
  ['Path("a.txt").write_text("x")', '> a.txt'],
  ['Path("a.txt").open("w")', '> a.txt'],
  ['df.to_csv("a.csv", index=False)', '> a.csv ?'],
  ['df.to_parquet(path="a.parquet")', '> a.parquet ?'],
  ['df.head().to_csv("a.csv")', '> a.csv ?'],
  ['df.write_csv("a.csv")', '> a.csv ?'],
  ['df.lazy().sink_parquet("a.parquet")', '> a.parquet ?'],
  ['np.save("a.npy", x)', '> a.npy'],
  ['plt.savefig("a.png")', '> a.png'],
  ['fig.savefig("a.png", dpi=300)', '> a.png ?'],
  ['image.save("a.png")', '> a.png ?'],
  ['joblib.dump(model, "a.job")', '> a.job'],
  ['torch.save(model, "a.pt")', '> a.pt ?'],
  ['shutil.copy(source, "a.csv")', '> a.csv ?'],
  ['urllib.request.urlretrieve(url, "a.csv")', '> a.csv ?'],
  ['io.FileIO("a.txt").read()', '< a.txt ?'],
  ['io.FileIO("a.txt", "w")', '> a.txt ?'],
  ['os.remove("a.txt")', '- a.txt'],
  ['if os.path.exists("a.txt"):\n    os.unlink("a.txt")', '- a.txt ~'],
  ['Path("a.txt").unlink(missing_ok=True)', '- a.txt'],
  ['xs.remove("a.txt")', ''],
  ['df.to_csv()', ''],
  ['df.to_json(orient="records")', ''],
  ['session.save("draft")', ''],
  ['np.save(name, x)', ''],
  ['open("a.txt", mode)', ''],
])('%s: %s', (code, expected) => {
  expect(uses(code).join(', ')).toBe(expected);
});

it.each([
  ['a.csv', 'a.csv'],
  ['./a.csv', 'a.csv'],
  ['data//a.csv', 'data/a.csv'],
  ['data/../a.csv', 'a.csv'],
  ['../a.csv', '../a.csv'],
  ['../../a.csv', '../../a.csv'],
  ['/data/./a.csv', '/data/a.csv'],
])('%s leads to %s', (path, expected) => {
  expect(normalPath(path)).toBe(expected);
});
