// What the pure scheduler takes for each cell of a notebook: no parser, no kernel, no clients. Every step ends well at once.
//   node bench/scheduler/run.mjs [sizes] [shapes]        such as 1000,5000,20000 chain,row
import { noFacts } from '../../build/daemon/core/analysis/facts.js';
import { nothingObserved } from '../../build/daemon/core/graph/observed.js';
import { noOptions } from '../../build/daemon/core/notebook/notebook.js';
import { initialState } from '../../build/daemon/core/scheduler/state.js';
import { step } from '../../build/daemon/core/scheduler/step.js';
import { defaultOptions } from '../../build/protocol/running-options.js';

/**
 * What cell `at` defines, reads and changes in place. In a row each cell takes one name and defines it anew; in pairs, of a marimo notebook, every
 * other cell changes what the one above defines.
 */
const shapes = {
  chain: (at) => [`x${at}`, at > 0 ? [`x${at - 1}`] : []],
  fan: (at) => [`x${at}`, at > 0 ? ['x0'] : []],
  row: (at) => ['x', at > 0 ? ['x'] : []],
  pairs: (at) => (at % 2 === 0 ? [`x${at}`, []] : [`x${at}`, [`x${at - 1}`], [`x${at - 1}`]]),
};
const formats = { pairs: 'marimo' };

const sizes = (process.argv[2] ?? '1000,5000,20000').split(',').map(Number);
const asked = (process.argv[3] ?? Object.keys(shapes).join(',')).split(',');
const span = { start: 0, end: 0 };
const roundsMax = 20;

function cellOf(at, [name, reads, changes = []], tokens) {
  const def = { kind: 'variable', spans: [span], imported: undefined, isConditional: false, isLate: false };
  const refs = new Map(reads.map((read) => [read, { isDeferred: false, spans: [span] }]));
  const mutations = new Map(changes.map((changed) => [changed, { spans: [span] }]));
  const facts = { ...noFacts, tokens, defs: new Map([[name, def]]), refs, mutations };
  return { id: `c${at}`, kind: 'code', name: undefined, code: tokens, options: noOptions, facts, observed: nothingObserved };
}

class Notebook {
  constructor(format) {
    this.state = initialState(format, defaultOptions);
  }

  send(event) {
    const { state, effects } = step(this.state, event);
    this.state = state;
    return effects;
  }

  /** Ends steps until there are none; how many there were. */
  finish(effects) {
    let steps = 0;
    for (let job = evaluated(effects); job; job = evaluated(effects)) {
      const { generation } = this.state.kernel;
      effects = this.send({
        type: 'finished',
        generation,
        step: job.step,
        outcome: 'ok',
        written: job.writes,
        deleted: [],
        observed: nothingObserved,
      });
      steps++;
    }
    return steps;
  }

  run(mode, ...roots) {
    return this.send({ type: 'run-requested', mode, roots, parameters: undefined, stopAtFailure: false });
  }
}

const evaluated = (effects) => effects.find(({ type }) => type === 'evaluate');

function microseconds(act) {
  const before = performance.now();
  const result = act();
  return [(performance.now() - before) * 1000, result];
}

function measure(shape, size) {
  const notebook = new Notebook(formats[shape] ?? 'percent');
  const cells = Array.from({ length: size }, (_, at) => cellOf(at, shapes[shape](at), `t${at}`));
  const [open] = microseconds(() => notebook.send({ type: 'edited', cells, removed: [], order: cells.map(({ id }) => id) }));
  notebook.run('all');
  notebook.finish(notebook.send({ type: 'kernel-started', generation: 1 }));
  const [accept, first] = microseconds(() => (shape === 'pairs' ? notebook.run('all') : notebook.run('reactive', 'c0')));
  const [steps, count] = microseconds(() => notebook.finish(first));
  const last = size - 1;
  const rounds = Array.from({ length: roundsMax }, (_, round) => {
    const edited = cellOf(last, shapes[shape](last), `r${round}`);
    const [edit] = microseconds(() => notebook.send({ type: 'edited', cells: [edited], removed: [], order: undefined }));
    const [run] = microseconds(() => notebook.finish(notebook.run('reactive', edited.id)));
    return { edit, run };
  });
  const median = (key) => rounds.map((round) => round[key]).sort((a, b) => a - b)[roundsMax >> 1];
  return {
    shape,
    cells: size,
    'open µs/cell': (open / size).toFixed(1),
    'accept µs/cell': (accept / count).toFixed(1),
    'µs/step': (steps / count).toFixed(1),
    'edit last µs': median('edit').toFixed(0),
    'run last µs': median('run').toFixed(0),
  };
}

console.table(asked.flatMap((shape) => sizes.map((size) => measure(shape, size))));
