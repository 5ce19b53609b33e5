/** Bounds of the commands, with their units. */

/** What `cell run` has printed and its reader has not taken. What comes after stays in the daemon meanwhile, as far as that keeps it. */
export const unprintedBytesMax = 16 * 1024 * 1024;
