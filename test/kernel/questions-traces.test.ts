// The same random cells run with questions and without: nothing that they say may differ.
// HEADWATER_TEST_QUESTIONS=10000 for the long run, SEED=… for the same cells again.
import { afterAll, expect, it } from 'vitest';
import { endKernels, installedPythons, startKernel, type TestKernel } from '../support/kernel.ts';
import { pick, type Roll, random } from '../support/random.ts';

const questionsMin = Number(process.env.HEADWATER_TEST_QUESTIONS ?? 40);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const versions = installedPythons().filter(([version]) => /^3\.1[0-3]\./.test(version));

afterAll(endKernels);

const setUp = `
import asyncio, contextvars, gc, os, random, signal, sys, threading, time, warnings, weakref
class Thing:
    def __init__(self, name): self.name, self.other = name, None
    def __del__(self): print("gone", self.name, threading.get_ident() == threading.main_thread().ident)
def spin(seconds):
    until = time.perf_counter() + seconds
    while time.perf_counter() < until: pass
kept, xs = [], []
gc.collect()
`;
const setUpNames = 'asyncio contextvars gc os random signal sys threading time warnings weakref Thing spin kept xs'.split(' ');

/** Each is busy for a moment, so that questions come in the middle. `N` is a small number, `S` a time to spin. */
const cells = [
  'thing = Thing(N)\nref = weakref.ref(thing, lambda _: print("callback"))\nspin(S)\ndel thing\nprint(ref())\ndel ref',
  'thing = object()\nspin(S)\nprint(sys.getrefcount(thing), sys.getrefcount(xs), sys.getrefcount(Thing))\ndel thing',
  'spin(S)\nprint([thread.name for thread in threading.enumerate()], threading.active_count(), len(sys._current_frames()))',
  'lines = []\ndef traced():\n    a = N\n    spin(S)\n    return a\nsys.settrace(lambda frame, *_: lines.append(frame.f_code.co_name))\ntry: traced()\nfinally: sys.settrace(None)\nprint(lines[0], len(lines) > 0)',
  'def handle(*_): print("alarm", threading.current_thread() is threading.main_thread())\nold = signal.signal(signal.SIGALRM, handle)\nsignal.setitimer(signal.ITIMER_REAL, S / 2)\nspin(S)\nsignal.signal(signal.SIGALRM, old)\nprint(signal.getsignal(signal.SIGINT).__name__)',
  'pid = os.fork()\nif pid == 0:\n    spin(S / 4)\n    os._exit(N)\nspin(S)\nprint(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))',
  'random.seed(N)\nspin(S)\nprint(random.random())',
  'for n in range(N): xs.append(n)\nspin(S)\nprint(len(xs))',
  'async def wait():\n    await asyncio.sleep(S)\n    return N\nprint(await wait())',
  'results = []\nthread = threading.Thread(target=lambda: (spin(S), results.append(threading.current_thread().name == "Thread-x")))\nthread.start(); thread.join()\nprint(results, threading.active_count())',
  'spin(S)\nraise ValueError(N)',
  'kept.append(Thing("kept"))\nspin(S)\nkept.clear()',
  'a, b = Thing("a"), Thing("b")\na.other, b.other = b, a\ngc.disable()\ndel a, b\nspin(S)\nprint(gc.collect() >= 2, gc.isenabled())\ngc.enable()\nprint(gc.get_threshold(), gc.isenabled())',
  'spin(S)\nprint(sorted(name for name in globals() if not name.startswith("__")))',
  'before = len(sys.modules)\nspin(S)\nprint(len(sys.modules) - before)',
  'variable = contextvars.ContextVar("v", default=N)\nspin(S)\nprint(variable.get(), len(contextvars.copy_context()))',
  'with warnings.catch_warnings(record=True) as caught:\n    warnings.simplefilter("always")\n    spin(S)\n    warnings.warn("N")\nprint(len(caught), sys.getswitchinterval(), sys.getrecursionlimit())',
  'try: sum(range(N * 1_000_000))\nfinally: print("summed")',
  'import re\nprint(re.match("(a+)+$", "a" * (18 + N) + "b"))\ndel re',
  'print("flood " * 5, sep="\\n")\nfor n in range(200 * N): print(n)',
  'x = [N, {"a": N}]\ny = {x[0]: "b"}\nspin(S)\nx',
  'import headwater\nspin(S)\nheadwater.stop()',
  'KeyboardInterrupt',
];

// Python 3.11 takes an interrupt of a loop that begins its `try` for one from before the `try`.
const interrupting =
  'try:\n    print("ready")\n    while True: pass\nexcept KeyboardInterrupt:\n    print("interrupted", threading.current_thread() is threading.main_thread())';

interface Cell {
  readonly code: string;
  readonly isInterrupted: boolean;
}

function program(roll: Roll, count: number): Cell[] {
  return Array.from({ length: count }, () => {
    const code = pick(roll, cells);
    if (code === 'KeyboardInterrupt') return { code: interrupting, isInterrupted: true };
    const number = 1 + roll(5);
    const spin = (0.005 + roll(20) / 1000).toFixed(4);
    return { code: code.replaceAll(/\bN\b/g, String(number)).replaceAll(/\bS\b/g, spin), isInterrupted: false };
  });
}

const written = 'thing ref lines traced handle old pid results thread a b before variable caught x y n wait headwater'.split(' ');

/** What a cell says and does, as the daemon hears of it: stale marks follow from this. */
async function runCell(kernel: TestKernel, { code, isInterrupted }: Cell) {
  const step = kernel.begin(code, { writes: written, watched: ['xs', 'kept'], knownReads: [] });
  if (isInterrupted) {
    await kernel.event((e): e is typeof e => e.type === 'stream' && e.step === step && e.text.includes('ready'));
    kernel.kernel.interrupt(step);
  }
  const { finished, stdout, stderr, transcript, result } = await kernel.finish(step);
  const { durationMs: _, ...end } = finished;
  return { end, stdout, stderr, transcript, result };
}

async function runAll(program: readonly Cell[], python: string, asks: boolean) {
  const kernel = await startKernel({ python });
  await kernel.run(setUp, { writes: setUpNames });
  const told: unknown[] = [];
  const counts = { asked: 0, answered: 0 };
  let isOver = false;
  const asking = (async () => {
    while (asks && !isOver) {
      const values = [...setUpNames.map((name) => [name, 1] as const), ['x', told.length + 1] as const];
      const answer = await kernel.kernel.ask?.({ type: 'variables', values });
      if (answer?.type !== 'closed') counts.asked += 1;
      if (answer?.type === 'answered') counts.answered += 1;
      // What is refused at once leaves no time for anything else, and says nothing.
      await new Promise(setImmediate);
    }
  })();
  for (const cell of program) told.push(await runCell(kernel, cell));
  isOver = true;
  await asking;
  kernel.kernel.kill();
  return { told, ...counts };
}

it.each(versions)(
  'questions leave no trace in what cells do, with Python %s (W24, W25, W27)',
  async (version, python) => {
    console.info(`SEED=${seed}`);
    const roll = random(seed);
    let asked = 0;
    let answered = 0;
    while (answered < questionsMin) {
      const cells = program(roll, 20);
      const without = await runAll(cells, python, false);
      const withQuestions = await runAll(cells, python, true);
      for (const [at, { code }] of cells.entries()) expect(withQuestions.told[at], code).toEqual(without.told[at]);
      asked += withQuestions.asked;
      answered += withQuestions.answered;
    }
    console.info(`Python ${version}: ${answered} of ${asked} questions were answered, and nothing differed`);
  },
  3_600_000,
);
