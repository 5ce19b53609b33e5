/** Of what CI tries, where somebody waits for the result. */
const localShare = 1 / 8;

/** How many random examples a test tries: as many as the variable says, all in CI, and a share of them elsewhere. */
export function howMany(all: number, variable?: string): number {
  const asked = variable === undefined ? undefined : process.env[variable];
  if (asked !== undefined) return Number(asked);
  return process.env['CI'] === undefined ? Math.ceil(all * localShare) : all;
}

/** Of examples that there are: all in CI, and elsewhere as many of them, spread over the list. */
export function someOf<T>(all: readonly T[]): readonly T[] {
  return process.env['CI'] === undefined ? all.filter((_, index) => index % (1 / localShare) === 0) : all;
}
