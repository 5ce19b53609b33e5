/**
 * Random scripts with guarded reads, names by birth, functions and late definitions: `headwater run FILE` prints what `python FILE` prints, and ends
 * with the same code, but where a read from below that plain Python certainly fails at changes the order. PROGRAMS=300 is the long run; SEED=… makes
 * others.
 */
import { describe, expect, it } from 'vitest';
import { orderCells } from '../../daemon/core/graph/order.ts';
import { callHeadwater, emptyFolder, runProgram, writeNotebook } from '../clients/cli/headwater.ts';
import { notebookOf, script } from '../core/check/support.ts';
import { howMany } from '../support/histories.ts';
import { testPython } from '../support/kernel.ts';
import { pick, type Roll, random } from '../support/random.ts';

const programs = howMany(60, 'PROGRAMS');
const seed = Number(process.env['SEED'] ?? 17);
const longRunMinutesMax = 20;
const folder = emptyFolder();

describe('a random script runs as under python', () => {
  it(`in order and in what it prints (PROGRAMS=${programs} SEED=${seed})`, { timeout: longRunMinutesMax * 60_000 }, async () => {
    const roll = random(seed);
    const counts = { succeeded: 0, failed: 0, reordered: 0 };
    for (let at = 0; at < programs; at++) {
      const text = randomScript(roll);
      const path = writeNotebook(folder, `script${at}.py`, text);
      const plain = await runProgram(await testPython(), [path], { cwd: folder });
      const isReordered = runsInAnotherOrder(text);
      if (isReordered) expect(`${plain.code} ${plain.stderr}`, text).toMatch(/^1 [\s\S]*NameError/);
      counts[isReordered ? 'reordered' : plain.code === 0 ? 'succeeded' : 'failed']++;
      if (isReordered) continue;
      const ours = await callHeadwater(['run', path]);
      expect({ stdout: ours.stdout, code: ours.code }, `${text}\n${ours.stderr}`).toEqual({
        stdout: plain.stdout,
        code: plain.code,
      });
    }
    console.info(counts);
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(0);
  });
});

function runsInAnotherOrder(text: string): boolean {
  const { graph } = notebookOf(text);
  return orderCells(graph, graph.order).some((id, at) => graph.order[at] !== id);
}

/** Every other one begins with a read that is certain. */
function randomScript(roll: Roll): string {
  const cells = Array.from({ length: 3 + roll(6) }, () => randomCell(roll));
  const early = roll(2) === 0 ? [`print(${pick(roll, ['a', 'b', 'c'])})`] : [];
  return script('from contextlib import suppress\nxs = []', ...early, ...cells);
}

function randomCell(roll: Roll): string {
  const name = () => pick(roll, ['a', 'b', 'c', 'max', 'sum']);
  const variable = () => pick(roll, ['a', 'b', 'c']);
  const value = () => String(roll(9));
  const called = () => pick(roll, ['f', 'g', 'h']);
  const cell = pick(roll, [
    () => `${variable()} = ${value()}`,
    () => `${variable()} = ${value()}`,
    () => `${pick(roll, ['max', 'sum'])} = lambda *given: ${value()}`,
    () => 'from math import fsum as sum',
    () => `if ${pick(roll, ['True', 'False', 'xs'])}:\n    ${variable()} = ${value()}`,
    () => `def ${called()}(x=None):\n    return x if x is None else (${variable()}, ${name()} is not None)`,
    () => `def ${called()}(x=None):\n    return (max(1, 2), sum([1, 2]), x and ${called()}())`,
    () => `def ${called()}(x=None):\n    global ${variable()}\n    a = ${variable()} = x\n    return a`,
    () => `class K:\n    v = ${value()}\n    def m(self):\n        return ${variable()}`,
    () => `print(${name()} is None, max(1, 2), sum([3, 4]))`,
    () => `print(${called()}(), ${called()}(1))`,
    () => `print("a" in globals(), "max" in globals())`,
    () => `with suppress(NameError):\n    print(${variable()})`,
    () => `for i in range(${roll(2)}):\n    print(${variable()})`,
    () => `print([${variable()} for _ in range(${roll(2)})])`,
    () => `xs.append(${value()})\nprint(xs)`,
    () => `${variable()} = [${variable()}, ${variable()}]`,
    () => `del ${variable()}`,
    () => `import sys\nif ${pick(roll, ['False', 'len(xs) > 1'])}:\n    sys.exit(3)`,
    () => `print(K().m(), K.v)`,
    () => `exec("${variable()} = ${value()}")`,
  ])();
  return roll(3) > 0 && !/^(def|class|from|import|with)/.test(cell) ? guarded(cell) : cell;
}

function guarded(cell: string): string {
  return `try:\n${cell.replace(/^/gm, '    ')}\nexcept NameError as error:\n    print("no", error.name)`;
}
