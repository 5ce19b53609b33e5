/** Of what CI tries, where somebody waits for the result. */
const localShare = 1 / 4;

/** How many random examples a test tries: as many as the variable says, all in CI, and a share of them elsewhere. */
export function howMany(all: number, variable?: string): number {
  const asked = variable === undefined ? undefined : process.env[variable];
  if (asked !== undefined) return Number(asked);
  return process.env['CI'] === undefined ? Math.ceil(all * localShare) : all;
}
