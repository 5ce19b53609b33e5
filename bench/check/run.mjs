/**
 * What `headwater check` says of other people's notebooks: `node bench/check/run.mjs [--list CODE]`. marimo's own notebooks, and the
 * `# %%` scripts in four source distributions; none of their code runs. Each error has to be in `known-errors.json`, with the
 * reason why it is one, or this fails.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { cleanEnvironment } from '../support/children.mjs';
import { marimoPython } from '../support/marimo.mjs';

const { values } = parseArgs({ options: { list: { type: 'string' } } });
const root = join(import.meta.dirname, '..', '..');
const folder = join(root, '.cache', 'corpus');
const outputBytesMax = 256 * 1024 * 1024;

/** With free licences: that of Python for matplotlib, BSD for sphinx-gallery and scikit-learn, MIT for jupytext. */
const distributions = [
  {
    project: 'matplotlib',
    file: 'matplotlib-3.9.4.tar.gz',
    sha256: '1e00e8be7393cbdc6fedfa8a6fba02cf3e83814b285db1c60b906a023ba41bc3',
    folders: ['galleries'],
  },
  {
    project: 'scikit-learn',
    file: 'scikit_learn-1.6.1.tar.gz',
    sha256: 'b4fc2525eca2c69a59260f583c56a7557c6ccdf8deafdba6e060f94c1c59738e',
    folders: ['examples'],
  },
  {
    project: 'sphinx-gallery',
    file: 'sphinx_gallery-0.22.1.tar.gz',
    sha256: '15560a4c2dc0b4a4924c64e3bcb8c6dba7ddad6dcb77c50e255615e645eb18aa',
    folders: ['examples', 'plotly_examples', 'sphinx_gallery', 'tutorials'],
  },
  {
    project: 'jupytext',
    file: 'jupytext-1.19.6.tar.gz',
    sha256: 'ba1d143bb3751e054d3164376b148ee8fa74e1a860fc9411e1da93ff588b8a17',
    folders: ['demo', 'tests'],
  },
];
const known = JSON.parse(readFileSync(join(import.meta.dirname, 'known-errors.json'), 'utf8'));

const python = marimoPython();
mkdirSync(folder, { recursive: true });
execFileSync(python, [join(root, 'test', 'differential', 'scripts_fetch.py'), folder], {
  input: JSON.stringify(distributions),
  stdio: ['pipe', 'inherit', 'inherit'],
});
const wheel = execFileSync(python, ['-I', '-c', 'import marimo; print(marimo.__path__[0])'], { encoding: 'utf8' }).trim();

const groups = [
  { title: `marimo's own notebooks`, base: dirname(wheel), paths: ['marimo'] },
  { title: '`# %%` scripts', base: folder, paths: distributions.map(({ file }) => file.replace(/\.tar\.gz$/, '')) },
];
const unexplained = [];
const unmet = new Set(known.flatMap(({ file, codes }) => codes.map((code) => `${file} ${code}`)));
for (const { title, base, paths } of groups) {
  const notebooks = check(base, paths);
  console.log(`\n${title}: ${notebooks.length}\n\n| code | severity | problems | notebooks |\n|---|---|---|---|`);
  for (const [key, found] of tally(notebooks)) console.log(`| ${key} | ${found.problems} | ${found.notebooks.size} |`);
  for (const { path, problems } of notebooks)
    for (const { code, line, message } of problems) if (code === values.list) console.log(`${path}:${line}: ${message}`);
}
for (const problem of unexplained) console.error(`not known to be an error: ${problem}`);
for (const one of unmet) console.error(`no error any more, take it off the list: ${one}`);
process.exitCode = unexplained.length + unmet.size > 0 ? 1 : 0;

function check(base, paths) {
  const command = [join(root, 'dist', 'clients', 'cli', 'main.js'), 'check', '--json', '--', ...paths];
  // Modules are looked for where marimo is installed, and little else is.
  const env = { ...cleanEnvironment(), VIRTUAL_ENV: dirname(dirname(python)) };
  const options = { cwd: base, env, encoding: 'utf8', maxBuffer: outputBytesMax };
  const { stdout, status, stderr } = spawnSync(process.execPath, command, options);
  if (status !== 0 && status !== 1) throw new Error(`check ended with ${status}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function tally(notebooks) {
  const counts = new Map();
  for (const { path, problems } of notebooks) {
    for (const { code, severity, line, message } of problems) {
      const key = `${code} | ${severity}`;
      const found = counts.get(key) ?? { problems: 0, notebooks: new Set() };
      found.problems += 1;
      found.notebooks.add(path);
      counts.set(key, found);
      if (severity === 'error') explain(path.split(sep).join('/'), code, `${path}:${line}: ${code}: ${message}`);
    }
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}

function explain(path, code, shown) {
  unmet.delete(`${path} ${code}`);
  if (!known.some(({ file, codes }) => file === path && codes.includes(code))) unexplained.push(shown);
}
