/** Random tests make the same examples in every run; SEED=… makes others. */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['SEED'] ?? 17) });
