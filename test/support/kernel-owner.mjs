// A stand-in for a daemon that will be killed: starts a kernel, tells the process ids of worker and child, and lives on.
// It runs the compiled code, because it is a process of its own.
import { join } from 'node:path';
import { startCPython } from '../../build/daemon/kernel/start-kernel.js';

const directory = process.env.TEST_DIRECTORY;
let child = '';

const kernel = startCPython(
  { python: process.env.TEST_PYTHON, directory, environment: process.env, file: join(directory, 'notebook.py'), arguments: [] },
  (event) => {
    if (event.type === 'stream') child += event.text;
    if (child.endsWith('\n')) process.stdout.write(`${kernel.pid} ${child}`);
  },
);

kernel.evaluate({
  step: 1,
  code: 'import subprocess\nprint(subprocess.Popen(["sleep", "1000"]).pid)\nwhile True: pass',
  fileName: 'cell.py',
  lineOffset: 0,
  bind: [],
  unbind: [],
  forget: [],
  writes: [],
  watched: [],
  compare: [],
  compareObjects: [],
  locals: [],
  localPrefix: '',
  parameters: {},
  wantsResult: true,
});
