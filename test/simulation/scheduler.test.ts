// Drives the scheduler with random histories against a fake kernel. To replay one: SEED=17 npx vitest run test/simulation
// The long run, whole or in slices: FIRST=10000 HISTORIES=10000 npx vitest run test/simulation
import { describe, expect, it } from 'vitest';
import { howMany } from '../support/histories.ts';
import { playFamily } from './family.ts';
import { type HistoryOptions, playHistory } from './history.ts';

const histories = howMany(1_500, 'HISTORIES');
const first = Number(process.env['FIRST'] ?? 0);
const seeds = process.env['SEED'] ? [Number(process.env['SEED'])] : Array.from({ length: histories }, (_, at) => first + at);

const notebooks: readonly HistoryOptions[] = [
  { format: 'percent', names: 4, moves: 40 },
  { format: 'marimo', names: 7, moves: 40 },
  { format: 'marimo', names: 7, moves: 40, changesInPlace: true },
  { format: 'percent', names: 4, moves: 40, draws: true },
  { format: 'marimo', names: 7, moves: 40, draws: true },
];

describe.each(notebooks)('a notebook in $format format (changes in place: $changesInPlace, shared states: $draws)', (options) => {
  it.each([
    ['histories', playHistory],
    ['histories that branch into forks and variants', playFamily],
  ])(`holds every invariant over ${seeds.length} %s`, { timeout: 600_000 }, (_, play) => {
    for (const seed of seeds) {
      try {
        play(seed, options);
      } catch (error) {
        throw new Error(`seed ${seed}, ${options.format}: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
    }
    expect(seeds.length).toBeGreaterThan(0);
  });
});
