import * as z from 'zod';
import type { Described } from './read-only.ts';

export const CellId = z.string().describe('Stable across edits for the life of the session. Never stored in the file.');
export type CellId = Described<typeof CellId>;
