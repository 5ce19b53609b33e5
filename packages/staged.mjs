/** Folders with the content of each package, as its builder wants them. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { bundledLicences } from './licences.mjs';

const root = join(import.meta.dirname, '..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** The program, and what other programs in Node and in pages import. */
export function stageNpm(folder) {
  const libraries = ['dist/protocol', 'dist/clients/node', 'dist/clients/view', 'dist/chunks'];
  // Types of the libraries name those of two packages; whoever needs no types need not install them.
  const { zod, 'vscode-jsonrpc': jsonrpc } = manifest.dependencies;
  const typed = {
    peerDependencies: { zod, 'vscode-jsonrpc': jsonrpc },
    peerDependenciesMeta: { zod: { optional: true }, 'vscode-jsonrpc': { optional: true } },
  };
  stageNode(folder, typed);
  for (const path of libraries) copy(path, folder);
  copyAs('packages/program/README.md', join(folder, 'README.md'));
}

/** The program alone, as the data of a Python package that starts it. */
export function stageProgram(folder) {
  stagePython('program', folder);
  copyAs('packages/program/headwater_program', join(folder, 'headwater_program'));
  stageNode(join(folder, 'headwater_program', 'program'));
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), bundledLicences());
}

export function stageClient(folder) {
  stagePython('client', folder);
  copyAs('daemon/worker/headwater', join(folder, 'headwater'));
}

/** What runs; everything but Python is in it. */
function stageNode(folder, more = {}) {
  for (const main of ['dist/clients/cli/main', 'dist/daemon/main'])
    for (const ending of ['.js', '.cjs', '.cjs.LEGAL.txt']) copy(`${main}${ending}`, folder);
  copy('daemon/worker', folder);
  const { resolve } = createRequire(import.meta.url);
  mkdirSync(join(folder, 'dist', 'wasm'));
  for (const path of Object.values(manifest.imports)) cpSync(resolve(path), join(folder, 'dist', 'wasm', basename(path)));
  copy('LICENSE', folder);
  writeFileSync(join(folder, 'THIRD-PARTY-LICENSES.txt'), bundledLicences());
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify({ ...published(), ...more }, undefined, 2)}\n`);
}

/** Nothing is installed beside it, and its wasm files are its own. */
function published() {
  const { name, version, description, license, type, engines, os, bin } = manifest;
  return { name, version, description, license, type, engines, os, bin, imports: { '#wasm/*': './dist/wasm/*' } };
}

function stagePython(name, folder) {
  const { version } = manifest;
  // What npm and PyPI both take for the same.
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`The version ${version} in package.json is not of the form 1.2.3.`);
  copyAs(`packages/${name}/README.md`, join(folder, 'README.md'));
  copy('LICENSE', folder);
  const project = readFileSync(join(root, 'packages', name, 'pyproject.toml'), 'utf8');
  writeFileSync(join(folder, 'pyproject.toml'), project.replaceAll('0.0.0', version));
}

function copy(path, folder) {
  copyAs(path, join(folder, path));
}

function copyAs(path, to) {
  cpSync(join(root, path), to, { recursive: true, filter: (name) => !/__pycache__|\.map$/.test(name) });
}
