/**
 * The floor: a Node parent and a CPython child over a pipe. It knows beforehand what follows from a cell, sends one cell after the other and
 * waits for the end of each, as everything has to that looks at what a cell wrote before it goes on.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { serve } from '../support/serve.mjs';

const python = process.argv[2];
let codes = [];
let child;
let onEvent;

function begin() {
  child?.kill();
  child = spawn(python, ['-I', '-S', join(import.meta.dirname, 'floor_child.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
  createInterface({ input: child.stdout }).on('line', (line) => onEvent(JSON.parse(line)));
}

async function execute(all) {
  const shown = [];
  let startedAt;
  for (const code of all) {
    shown.push(
      await new Promise((resolve) => {
        onEvent = (event) => {
          if (event.type === 'started') startedAt ??= performance.now();
          else resolve(event);
        };
        child.stdin.write(`${JSON.stringify({ code })}\n`);
      }),
    );
  }
  return { shown, startedAt };
}

async function timed(cells, before = () => {}) {
  const start = performance.now();
  before();
  const { shown, startedAt } = await execute(cells);
  return { ms: performance.now() - start, firstMs: startedAt - start, shown };
}

function answer({ ms, firstMs, shown }, at) {
  const { result, text } = shown[at];
  return { ms, firstMs, result, lines: text.split('\n').length - 1 };
}

await serve({
  async open({ codes: opened }) {
    begin();
    codes = [...opened];
    await execute(codes);
    return {};
  },
  async run({ cell, code, shows }) {
    codes[cell] = code;
    return answer(await timed(codes.slice(cell)), shows - cell);
  },
  async start({ codes: opened }) {
    codes = [...opened];
    return answer(await timed(codes, begin), 0);
  },
  restart: async () => answer(await timed(codes.slice(0, 1), begin), 0),
  processes: () => ({ roots: [process.pid] }),
});

// Whoever asked is gone.
child?.kill();
