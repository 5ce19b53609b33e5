/** The Python that stays for questions, and what is asked of it while a notebook is being edited. */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { buildGraph } from '../../../daemon/core/graph/edit.ts';
import { probeCellsMax, probeQuestionsMax } from '../../../daemon/limits.ts';
import { nodeHost } from '../../../daemon/node/host.ts';
import { askingBy } from '../../../daemon/node/python/ask.ts';
import { nowhere } from '../../../daemon/node/python/probe.ts';
import { ProbeProcess } from '../../../daemon/node/python/probe-process.ts';
import { LiveWorld } from '../../../daemon/problems/world/live.ts';
import { compileQuestion } from '../../../daemon/problems/world/question.ts';
import { Reader } from '../../../daemon/reading/reading.ts';
import { emptyFolder } from '../../clients/cli/headwater.ts';
import { parse } from '../../core/analysis/support.ts';
import { script } from '../../core/check/support.ts';
import { testPython } from '../../support/kernel.ts';

const python = await testPython();
const open: { close(): void }[] = [];
const kept = <T extends { close(): void }>(one: T): T => {
  open.push(one);
  return one;
};
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

const question = (...cells: readonly string[]) => ({ ...compileQuestion(cells), ...nowhere });

/** A program that stands in for Python. */
function pretender(text: string): string {
  const path = join(emptyFolder(), 'python');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return path;
}

describe('a Python for questions', () => {
  it('is started once, and answers in order', async () => {
    const probe = kept(new ProbeProcess({ findPython: async () => python }));
    const answers = await Promise.all(['x = 1', 'return 1', 'y = 08'].map((code) => probe.ask(question(code))));
    expect(answers.map((answer) => answer?.errors.length)).toEqual([0, 1, 1]);
    expect(probe.starts).toBe(1);
  });

  it('is started again after it died, and who waited is told', async () => {
    const folder = emptyFolder();
    const first = join(folder, 'first');
    const dying = pretender(`if [ -e ${first} ]; then exec ${python} "$@"; fi\ntouch ${first}\nread line\nkill -9 $$`);
    const probe = kept(new ProbeProcess({ findPython: async () => dying }));
    expect(await probe.ask(question('return 1'))).toBeUndefined();
    expect((await probe.ask(question('return 1')))?.errors).toHaveLength(1);
    expect(probe.starts).toBe(2);
  });

  it('is stopped where it does not answer in time', async () => {
    const folder = emptyFolder();
    const silent = pretender(`echo $$ > ${join(folder, 'pid')}\nexec sleep 1000`);
    const probe = kept(new ProbeProcess({ findPython: async () => silent, answerMillisecondsMax: 500 }));
    expect(await probe.ask(question('x'))).toBeUndefined();
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 });
  });

  it('is ended when nobody asks, and started again for the next question', async () => {
    const file = join(emptyFolder(), 'pid');
    const told = pretender(`echo $$ > ${file}\nexec ${python} "$@"`);
    const probe = kept(new ProbeProcess({ findPython: async () => told, idleMilliseconds: 50 }));
    expect((await probe.ask(question('return 1')))?.errors).toHaveLength(1);
    const pid = Number(readFileSync(file, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 });
    expect((await probe.ask(question('return 1')))?.errors).toHaveLength(1);
    expect(probe.starts).toBe(2);
  });

  it('is ended for idleness while it has never been asked', async () => {
    const file = join(emptyFolder(), 'pid');
    const probe = kept(
      new ProbeProcess({ findPython: async () => pretender(`echo $$ > ${file}\nexec sleep 1000`), idleMilliseconds: 500 }),
    );
    const startedOnce = () => {
      // Again where it was ended before it could say who it is.
      probe.start();
      expect(readFileSync(file, 'utf8')).toMatch(/\n/);
    };
    await vi.waitFor(startedOnce, { timeout: 10_000 });
    const pid = Number(readFileSync(file, 'utf8'));
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 10_000 });
  });

  it('answers nothing where there is no Python, and where what stands for it cannot be started', async () => {
    for (const missing of [undefined, '/nowhere/python']) {
      const probe = kept(new ProbeProcess({ findPython: async () => missing }));
      expect(await probe.ask(question('x'))).toBeUndefined();
    }
  });

  it('takes so many questions and no more', async () => {
    const probe = kept(new ProbeProcess({ findPython: async () => pretender('exec sleep 1000') }));
    const asked = Array.from({ length: probeQuestionsMax + 2 }, () => probe.ask(question('x')));
    // One is being answered, so many wait, and this one is too many.
    expect(await asked.at(-1)).toBeUndefined();
    probe.close();
    expect(await Promise.all(asked)).toEqual(asked.map(() => undefined));
  });
});

describe('a notebook that is being edited', () => {
  const start = (folder: string) => {
    const probe = kept(new ProbeProcess({ findPython: async () => python }));
    const reader = new Reader(parse);
    const asked: string[][] = [];
    let news = 0;
    const live = kept(
      new LiveWorld({
        timers: nodeHost.timers,
        world: () => ({
          path: join(folder, 'n.py'),
          parse,
          files: nodeHost.files,
          environment: { PATH: process.env['PATH'] ?? '', HOME: folder },
          python,
          askPython: askingBy((_, one) => {
            asked.push([...one.cells]);
            return probe.ask(one);
          }),
        }),
        onNews: () => {
          news += 1;
        },
      }),
    );
    const read = (text: string) => {
      const reading = reader.read(text);
      if (typeof reading === 'string') throw new Error(reading);
      const cells = reading.cells.map(({ cell }) => cell);
      return { ...reading, graph: buildGraph(reading.format, cells) };
    };
    const change = (text: string) => {
      const notebook = read(text);
      live.changed(notebook);
      return notebook;
    };
    const untilNews = (count: number) => vi.waitFor(() => expect(news).toBe(count), { timeout: 30_000, interval: 10 });
    const shown = (notebook: ReturnType<typeof read>) =>
      live.problemsOf(notebook).map(({ code, range }) => `${code} ${range.start.line}:${range.start.character}`);
    return { live, asked, change, untilNews, shown };
  };

  it('is compiled cell by cell; modules and files are looked for', async () => {
    const { change, untilNews, shown } = start(emptyFolder());
    const notebook = change(script('x = 1', 'return 1', 'import nowhere_at_all', 'open("gone.txt")'));
    expect(shown(notebook)).toEqual([]);
    await untilNews(1);
    expect(shown(notebook)).toEqual(['syntax-error 3:0', 'missing-import 5:7', 'missing-file 7:5']);
  });

  it('keeps what was found with cells that move, and forgets it at once for one that changes', async () => {
    const { change, untilNews, shown, asked } = start(emptyFolder());
    change(script('x = 1', 'return 1', 'return 2'));
    await untilNews(1);
    expect(shown(change(script('x = 1\ny = 2', 'return 1', 'x = 2')))).toEqual(['syntax-error 4:0']);
    await untilNews(2);
    // Only what is new was sent.
    expect(asked).toEqual([
      ['x = 1', 'return 1', 'return 2'],
      ['x = 1\ny = 2', 'x = 2'],
    ]);
  });

  it('is asked about once after several changes', async () => {
    const { change, untilNews, asked } = start(emptyFolder());
    for (const text of ['r', 're', 'ret', 'return 1']) change(script(text));
    await untilNews(1);
    expect(asked).toEqual([['return 1']]);
  });

  it('is looked at again when a file may have come', async () => {
    const folder = emptyFolder();
    const { live, change, untilNews, shown } = start(folder);
    const notebook = change(script('open("gone.txt")'));
    await untilNews(1);
    writeFileSync(join(folder, 'gone.txt'), '');
    live.lookAgain();
    await untilNews(2);
    expect(shown(notebook)).toEqual([]);
  });

  it('is sent in pieces where it is large', async () => {
    const { change, untilNews, asked, shown } = start(emptyFolder());
    const notebook = change(script(...Array.from({ length: probeCellsMax + 1 }, (_, at) => `x_${at} = 1`), 'return 1'));
    await untilNews(1);
    expect(asked.map((cells) => cells.length)).toEqual([probeCellsMax, 2]);
    expect(shown(notebook)).toHaveLength(1);
  });
});
