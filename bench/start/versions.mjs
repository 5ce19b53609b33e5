/** Rows of what says its version: our packages as they are installed, and peers. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { cleanEnvironment } from '../support/children.mjs';
import { installedPython } from '../support/environments.mjs';
import { jupyterPython } from '../support/jupyter.mjs';
import { marimoPython } from '../support/marimo.mjs';

const built = join(import.meta.dirname, '..', '..', 'build', 'packages');

export function versions(folder, version) {
  if (!existsSync(built)) throw new Error('There are no packages yet. Run: npm run packages');
  const npm = installNpm(join(folder, 'npm'));
  const wheel = installWheels(join(folder, 'wheel'));
  const withoutNode = { PATH: dirname(wheel), HOME: folder };
  const withNode = { PATH: [dirname(wheel), dirname(process.execPath)].join(delimiter), HOME: folder };
  return [
    { name: 'npm: headwater --version', command: [npm, ['--version']], stdout: `${version}\n` },
    { name: 'wheel: headwater --version', command: [wheel, ['--version']], stdout: `${version}\n`, environment: withNode },
    {
      name: 'wheel and its Node: headwater --version',
      command: [wheel, ['--version']],
      stdout: `${version}\n`,
      environment: withoutNode,
    },
    { name: 'marimo --version', command: [marimoPython(), ['-m', 'marimo', '--version']], stdout: /^\d+\.\d+/ },
    { name: 'jupyter --version', command: [jupyterPython(), ['-m', 'jupyter', '--version']], stdout: /jupyter_client/ },
  ];
}

function installNpm(folder) {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{}');
  run('npm', ['install', '--offline', '--silent', fileIn('.tgz')], folder);
  return join(folder, 'node_modules', '.bin', 'headwater');
}

function installWheels(folder) {
  run(installedPython('plain-venv', []), ['-m', 'venv', folder]);
  run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--find-links', built, 'headwater']);
  return join(folder, 'bin', 'headwater');
}

function fileIn(ending) {
  return join(
    built,
    readdirSync(built).find((name) => name.endsWith(ending)),
  );
}

function run(command, args, cwd) {
  execFileSync(command, args, { cwd, env: cleanEnvironment(), stdio: ['ignore', 'ignore', 'inherit'] });
}
