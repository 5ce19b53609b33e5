/** The examples do what their first lines say. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../daemon/kernel/package-root.ts';
import { callHeadwater, headwater, runProgram } from './clients/cli/headwater.ts';
import { testPython } from './support/kernel.ts';
import { scienceInterpreter } from './support/science.ts';

const examples = join(packageRoot(), 'examples');
const tour = join(examples, 'tour.py');
const tourMarimo = join(examples, 'tour_marimo.py');
const plots = join(examples, 'plots.py');

describe('the tour', () => {
  it('takes the parameter that the help of headwater run names', async () => {
    const { stdout } = await headwater(['run', '--help']);
    const [, ...words] = /\$ headwater (run examples\/tour\.py -p .*) > table\.txt/.exec(stdout)?.[1]?.split(' ') ?? [];
    expect(words).toHaveLength(3);
    expect(await headwater(['run', ...words], { cwd: packageRoot() })).toMatchObject({ code: 0 });
  });

  it('prints under headwater run what python prints', async () => {
    const plain = await runProgram(await testPython(), [tour]);
    const ours = await headwater(['run', tour]);
    expect(plain.stdout).toContain('to the power 1.500');
    expect(ours).toMatchObject({ stdout: plain.stdout, code: 0 });
    expect(ours.stderr).toContain('A year on Ceres, by the law: 4.6 of ours');
    expect(ours.stderr).toMatch(/\[image\/png \d\.\d KB\]/);
  });

  it("is the same in marimo's format, without marimo", async () => {
    const [percent, marimo] = [await callHeadwater(['run', tour]), await callHeadwater(['run', tourMarimo])];
    expect(marimo).toMatchObject({ stdout: percent.stdout, stderr: percent.stderr, code: 0 });
  });

  it.each([tour, tourMarimo])('takes its parameter: %s', async (path) => {
    const { stdout } = await callHeadwater(['run', path, '-p', 'planet_count=4']);
    expect(stdout).toContain('Mars');
    expect(stdout).not.toContain('Jupiter');
  });

  it('has no problems to show', async () => {
    expect(await callHeadwater(['check', '--strict', tour, tourMarimo])).toMatchObject({ stdout: '', code: 0 });
  });
});

describe('the plots', () => {
  it('say what to install where it is missing', async () => {
    const { stderr, code } = await callHeadwater(['run', plots, '--python', await testPython()]);
    if (code === 0) return expect(stderr).toContain('[image/png');
    expect(stderr).toContain('python -m pip install');
    expect(code).toBe(1);
  });

  it('have no problem but what is not installed', async () => {
    const { stdout } = await callHeadwater(['check', plots]);
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('[missing-import]'))).toEqual([]);
  });

  it('show a figure where it is there', async ({ skip }) => {
    const science = await scienceInterpreter();
    if ('skipped' in science) return skip(science.skipped);
    const { stdout, stderr, code } = await headwater(['run', plots, '--python', science.python]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^planet\nMercury +51\.8%\n/);
    expect(stderr).toMatch(/\[image\/png \d+ KB\]/);
  });
});
