/**
 * Ordinary "# %%" scripts, as people publish them: `headwater run FILE` prints what `python FILE` prints, and ends with the same
 * code. They come out of source distributions, are fetched once into `.cache/scripts`, and are not kept in the repository.
 */
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { headwater, runProgram } from '../clients/cli/headwater.ts';
import { someOf } from '../support/histories.ts';
import { scienceInterpreter } from '../support/science.ts';
import { fetchScripts, scripts, scriptsFolder } from '../support/scripts.ts';

const science = await scienceInterpreter();
const skipped = 'skipped' in science ? science.skipped : await fetchScripts(science.python);
if (skipped !== undefined) console.warn(`Skipped: ${skipped}`);

describe.skipIf(skipped !== undefined)('published "# %%" scripts print the same as under python', () => {
  const python = 'python' in science ? science.python : '';

  it.each(someOf(scripts))('%s', async (script) => {
    const path = join(scriptsFolder, script);
    const [plain, ours] = await Promise.all([
      runProgram(python, [basename(path)], { cwd: dirname(path), env: { MPLBACKEND: 'Agg' } }),
      headwater(['run', '--python', python, path]),
    ]);
    expect(plain.stdout, 'a script that prints nothing shows nothing').not.toBe('');
    expect(ours.stdout, ours.stderr).toBe(plain.stdout);
    expect(ours.code).toBe(plain.code);
  });
});
