import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, by where it stands: the last file that begins should be a short one. */
const longestFirst = [
  'clients/cli/run.',
  'editors/',
  'packages/',
  'simulation/',
  'differential/',
  'faults/',
  'clients/cli/',
  'kernel/',
  'daemon/',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longestFirst.findIndex((place) => moduleId.includes(`/test/${place}`));
      return at < 0 ? longestFirst.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    dir: 'test',
    setupFiles: ['test/setup.ts'],
    // Processes are started and waited for; how long that takes on a busy machine is no result.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // No test changes what others see of the process. So the modules are loaded once for each worker, and not for each file.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
});
