/**
 * Makes what is published out of what `npm run build` has built: the npm package `headwater`, the wheel `headwater`, and the wheel
 * `headwater-client`, with a source distribution beside each wheel. All have the version of package.json. Run by `npm run packages`.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installedPython } from '../bench/support/environments.mjs';
import { stageClient, stageNpm, stageProgram } from './staged.mjs';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'build', 'packages') },
    /** `npm` alone needs nothing of PyPI. */
    only: { type: 'string', default: 'npm,pypi' },
    /** One that has what requirements.txt lists. Default: an environment in `.cache`. */
    python: { type: 'string' },
  },
});
const out = resolve(values.out);
const kinds = values.only.split(',');
const staged = join(out, 'staged');

rmSync(out, { recursive: true, force: true });
mkdirSync(staged, { recursive: true });
if (kinds.includes('npm')) packForNpm();
if (kinds.includes('pypi')) buildForPython();
rmSync(staged, { recursive: true });
for (const name of readdirSync(out).sort())
  console.log(`${(statSync(join(out, name)).size / 1e6).toFixed(2)} MB  ${join(out, name)}`);

function packForNpm() {
  const folder = join(staged, 'npm');
  stageNpm(folder);
  run('npm', ['pack', '--silent', '--pack-destination', out], folder);
}

function buildForPython() {
  const requirements = readFileSync(join(import.meta.dirname, 'requirements.txt'), 'utf8')
    .trim()
    .split('\n');
  const python = values.python ?? installedPython('packaging-venv', requirements);
  for (const [name, stage] of Object.entries({ client: stageClient, program: stageProgram })) {
    const folder = join(staged, name);
    stage(folder);
    run(python, ['-m', 'build', '--no-isolation', '--outdir', out, folder], folder);
  }
}

/** What it says is shown only when it fails. */
function run(command, args, cwd) {
  try {
    execFileSync(command, args, { cwd, stdio: 'pipe', encoding: 'utf8' });
  } catch (error) {
    throw new Error(`${command} ${args.join(' ')} failed.\n${error.stdout}${error.stderr}`);
  }
}
