/** Headwater's side: a session as the daemon holds it. Answers one request a line on standard input. */

import { checkNotebook } from '../../build/daemon/core/check/check.js';
import { buildGraph } from '../../build/daemon/core/graph/edit.js';
import { edgesOf } from '../../build/daemon/core/outline/edges.js';
import { nodeHost } from '../../build/daemon/node/host.js';
import { loadParser } from '../../build/daemon/node/parser.js';
import { checkedNotebook } from '../../build/daemon/problems/problems.js';
import { noSettings } from '../../build/daemon/problems/settings.js';
import { Reader } from '../../build/daemon/reading/reading.js';
import { Session } from '../../build/daemon/session/session.js';
import { Blobs } from '../../build/daemon/store/blobs.js';
import { percentText } from '../support/notebooks.mjs';
import { serve } from '../support/serve.mjs';

const parse = await loadParser();
let session;

function newSession(text) {
  return new Session({
    ...nodeHost,
    id: 's1',
    incarnation: 'bench',
    path: '/bench/notebook.py',
    text,
    format: 'percent',
    parse,
    blobs: new Blobs(nodeHost.hashes),
    provideKernels: () => ({ prepare: async () => ({ problem: 'no kernel here' }), close: () => {} }),
    settings: noSettings,
    watchWorld: undefined,
    plainFileNames: true,
    now: Date.now,
    onError: (error) => {
      throw error;
    },
  });
}

/** What is written at the end of a cell, in turn, as in the measurement of marimo. */
const endings = { comment: ['  # a', '  # b'], name: [' + x_0', ' + x_1'], line: ['\n# a', ''] };

/** Each `write` is what an editor sends for a keystroke: a range and its new text. */
function editor(cell) {
  const { text } = session.reading.cells[cell];
  const codeLines = text.code.split('\n');
  const line = text.codeLine + codeLines.length - 1;
  const character = codeLines.at(-1).length;
  let written = '';
  return (ending) => {
    const range = { start: { line, character }, end: endOf(line, character, written) };
    written = ending;
    session.changeText('bench', session.document.version + 1, [{ range, text: ending }]);
  };
}

function endOf(line, character, written) {
  const lines = written.split('\n');
  return lines.length === 1
    ? { line, character: character + written.length }
    : { line: line + lines.length - 1, character: lines.at(-1).length };
}

await serve({
  /** Text to cells, facts, graph and problems. */
  cold({ codes }) {
    const text = percentText(codes);
    const start = performance.now();
    const reading = new Reader(parse, 'percent').read(text);
    const graph = buildGraph(
      reading.format,
      reading.cells.map(({ cell }) => cell),
    );
    checkNotebook(checkedNotebook(reading, graph));
    return { ms: performance.now() - start };
  },
  open({ codes }) {
    session = newSession(percentText(codes));
    session.openText('bench', 1, percentText(codes));
    return {};
  },
  edges: () => ({ edges: edgesOf(session.state.graph).map(([from, to]) => [from, to]) }),
  /** From the editor's message to the events for it: text, standings, problems. */
  edit({ kind, cell, rounds }) {
    const write = editor(cell);
    const ms = Array.from({ length: rounds }, (_, turn) => {
      const start = performance.now();
      write(endings[kind][turn % 2]);
      return performance.now() - start;
    });
    write('');
    return { ms };
  },
  /** Whether after the edits all is as if the text were opened anew. */
  isRight({ codes }) {
    const fresh = newSession(percentText(codes));
    const shown = (one) =>
      JSON.stringify([edgesOf(one.state.graph), one.view().layout.map(({ line }) => line), one.view().problems.length]);
    return { isRight: shown(fresh) === shown(session) };
  },
});
