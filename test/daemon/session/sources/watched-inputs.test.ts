import { describe, expect, it } from 'vitest';
import type { CellId } from '../../../../daemon/core/notebook/notebook.ts';
import type { WatchedFiles } from '../../../../daemon/host.ts';
import {
  dataBytesComparedMax,
  dataFileComparedBytesMax,
  dataStepsWaitingMax,
  inputFilesMax,
  inputFoldersWatchedMax,
} from '../../../../daemon/limits.ts';
import { WatchedInputs } from '../../../../daemon/session/sources/watched-inputs.ts';

/** A disk whose files are their content and a counter of changes, and a clock that stands until it is moved. */
class Bench {
  readonly disk = new Map<string, { content: string; size: number; change: number }>();
  readonly read: string[] = [];
  readonly watched = new Map<string, (name: string | undefined) => void>();
  readonly told: string[] = [];
  readonly inputs: WatchedInputs;
  #changes = 0;
  #deferred: (() => void)[] = [];
  #delayed: (() => void)[] = [];
  delays: number[] = [];
  now = 0;
  /** How long it takes to read a file. */
  readMilliseconds = 0;

  constructor() {
    const watchedFiles: WatchedFiles = {
      signatureOf: (path) => this.stateOf(path),
      markOf: (path, wholeBytesMax) => {
        const file = this.disk.get(path);
        this.read.push(path);
        this.now += this.readMilliseconds;
        return file && (file.size <= wholeBytesMax ? file.content : `${file.size} ${file.change} ${file.content.at(-1)}`);
      },
      watch: (folder, onNews) => {
        this.watched.set(folder, onNews);
        return { close: () => this.watched.delete(folder) };
      },
    };
    this.inputs = new WatchedInputs({
      watchedFiles,
      timers: {
        after: (milliseconds, call) => {
          this.delays.push(milliseconds);
          this.#delayed.push(call);
          return { stop: () => {} };
        },
        defer: (call) => void this.#deferred.push(call),
        elapsed: () => this.now,
      },
      onEvent: (event) => {
        const text = (marks: ReadonlyMap<string, string>) => [...marks].map(([file, mark]) => `${file}=${mark}`).join(' ');
        if (event.type === 'files-changed') this.told.push(`changed ${text(event.files)}`);
        else
          this.told.push(`step ${event.step} read ${text(event.read)} wrote ${text(event.written)}${event.hasMore ? ' …' : ''}`);
      },
    });
  }

  write(path: string, content: string, size = content.length): this {
    this.disk.set(path, { content, size, change: ++this.#changes });
    return this;
  }

  stateOf(path: string): string | undefined {
    const file = this.disk.get(path);
    return file && `${file.change} ${file.change} ${file.size} 1`;
  }

  use(step: number, read: readonly string[], written: readonly string[] = []): this {
    const states = (paths: readonly string[]) => paths.map((path) => [path, this.stateOf(path)] as const);
    this.inputs.use('a' as CellId, step, {
      read: states(read),
      written: states(written),
      changed: [],
      added: [],
      databases: [],
      hasMore: false,
    });
    return this;
  }

  /** Lets one turn of the loop pass. */
  turn(): this {
    for (const call of this.#deferred.splice(0)) call();
    return this;
  }

  wait(): this {
    for (const call of this.#delayed.splice(0)) call();
    return this;
  }
}

describe('data files of steps', () => {
  it('are told with marks of their content, and what changed since by itself', () => {
    const bench = new Bench().write('/d/a', 'one').use(1, ['/d/a', '/d/none']);
    expect(bench.told).toEqual([]);
    bench.turn().write('/d/a', 'two').inputs.look();
    expect(bench.told).toEqual(['step 1 read /d/a=one /d/none=missing wrote ', 'changed /d/a=two']);
  });

  it('are not read again while they are as they were', () => {
    const bench = new Bench().write('/d/a', 'one').use(1, ['/d/a']).turn().use(2, ['/d/a']).turn();
    bench.inputs.look();
    expect(bench.read).toEqual(['/d/a']);
  });

  it('that changed before they are looked at are something else than the step saw', () => {
    const bench = new Bench().write('/d/a', 'one').use(1, ['/d/a'], []).write('/d/a', 'two').turn();
    expect(bench.told).toEqual(['step 1 read /d/a=as it was: 1 1 3 1 wrote ', 'changed /d/a=two']);
  });

  it('that a step wrote are told with it alone', () => {
    const bench = new Bench().write('/d/a', 'one').use(1, ['/d/a']).turn().write('/d/a', 'two').use(2, [], ['/d/a']).turn();
    bench.inputs.look();
    expect(bench.told).toEqual(['step 1 read /d/a=one wrote ', 'step 2 read  wrote /d/a=two']);
  });

  it('that changed before a step read them are told before it', () => {
    const bench = new Bench().write('/d/a', 'one').use(1, ['/d/a']).turn().write('/d/a', 'two').use(2, ['/d/a']).turn();
    expect(bench.told.slice(1)).toEqual(['changed /d/a=two', 'step 2 read /d/a=two wrote ']);
  });

  it('are compared in slices, and at once when a run starts', () => {
    const bench = new Bench();
    bench.readMilliseconds = 3;
    for (const name of 'abcdef') bench.write(`/d/${name}`, name);
    bench
      .use(
        1,
        [...'abcdef'].map((name) => `/d/${name}`),
      )
      .turn();
    expect([bench.read.length, bench.told]).toEqual([2, []]);
    bench.turn();
    expect(bench.read.length).toBe(4);
    bench.inputs.look();
    expect([bench.read.length, bench.told.length]).toEqual([6, 1]);
  });

  it('of too many steps that wait are compared at once', () => {
    const bench = new Bench().write('/d/a', 'one');
    for (let step = 1; step <= dataStepsWaitingMax; step++) bench.use(step, ['/d/a']);
    expect(bench.told.length).toBe(0);
    bench.use(dataStepsWaitingMax + 1, ['/d/a']);
    expect(bench.told.length).toBe(dataStepsWaitingMax);
  });

  it('beyond the bound are not watched, and that is told', () => {
    const bench = new Bench();
    const paths = Array.from({ length: inputFilesMax + 1 }, (_, n) => `/d/${n}`);
    for (const path of paths) bench.write(path, 'x');
    bench.use(1, paths).turn();
    expect(bench.told[0]?.endsWith('…')).toBe(true);
    bench.write(paths.at(-1) ?? '', 'y').inputs.look();
    expect(bench.told.length).toBe(1);
  });

  it('are compared by their ends where they are large, and where the bytes of a step are used up', () => {
    const bench = new Bench().write('/d/large', 'xyz', dataFileComparedBytesMax + 1);
    const many = Array.from({ length: dataBytesComparedMax / dataFileComparedBytesMax + 1 }, (_, n) => `/d/${n}`);
    for (const path of many) bench.write(path, 'abc', dataFileComparedBytesMax);
    bench.use(1, ['/d/large', ...many]).turn();
    const [, read = ''] = /read (.*) wrote/.exec(bench.told[0] ?? '') ?? [];
    const marks = read.split(/ (?=\/d\/)/);
    expect([marks[0], marks[1], marks.at(-1)]).toEqual([
      `/d/large=${dataFileComparedBytesMax + 1} 1 z`,
      '/d/0=abc',
      `${many.at(-1)}=${dataFileComparedBytesMax} ${many.length + 1} c`,
    ]);
    // All of them change: those beyond the bound count as changed, whatever they hold.
    for (const path of many) bench.write(path, 'abc', dataFileComparedBytesMax);
    bench.inputs.look();
    expect(bench.told.length).toBe(2);
  });
});

describe('folders', () => {
  it('tell of files that are known, and of no others', () => {
    const bench = new Bench().write('/d/a', 'one').use(1, ['/d/a']).turn().write('/d/a', 'two').write('/d/b', 'two');
    bench.watched.get('/d')?.('b');
    expect(bench.delays).toEqual([]);
    bench.watched.get('/d')?.('a');
    expect(bench.wait().told.at(-1)).toBe('changed /d/a=two');
  });

  it('are looked at less often where a look takes long', () => {
    const bench = new Bench().write('/d/a', 'one').use(1, ['/d/a']).turn().write('/d/a', 'two');
    bench.readMilliseconds = 40;
    bench.watched.get('/d')?.('a');
    bench.wait().watched.get('/d')?.('a');
    bench.readMilliseconds = 4_000;
    bench.write('/d/a', 'three').wait().watched.get('/d')?.('a');
    expect(bench.delays).toEqual([50, 400, 1_000]);
  });

  it('are not all watched', () => {
    const bench = new Bench();
    const paths = Array.from({ length: inputFoldersWatchedMax + 1 }, (_, n) => `/${n}/a`);
    bench.use(1, paths).turn();
    expect(bench.watched.size).toBe(inputFoldersWatchedMax);
    bench.inputs.close();
    expect(bench.watched.size).toBe(0);
  });
});
