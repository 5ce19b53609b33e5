import { expect, it } from 'vitest';
import { attack } from '../mangled/attack.ts';

/** `npm run mangle -- --frames 1000000` for a long run. */
const frames = Number(process.env['FRAMES'] ?? 4_000);
/** What the heap of Node takes and gives back by itself; of a long run a fifth of it all is more. */
const heapBreathBytes = 40 * 1024 * 1024;
const seed = Number(process.env['SEED'] ?? 17);

it.skipIf(process.platform !== 'linux')(
  `survives ${frames} mangled frames, answers meanwhile, and has its memory again (seed ${seed}) (P6, P7, P9, P10)`,
  { timeout: 240_000 },
  async () => {
    const { before, after, connections, answers } = await attack({ frames, seed });
    expect(connections).toBeGreaterThan(10);
    expect(answers).toBeGreaterThan(10);
    expect(after).toBeLessThan(before * 1.2 + heapBreathBytes);
  },
);
