/** Medians, and how far a ratio of medians can be trusted. */

const resamples = 2_000;

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The least value that so large a part of all do not exceed. */
export function percentile(values, part) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)];
}

/** The ratio of the medians of paired measurements, and the 95 % interval of the bootstrap over pairs. */
export function ratio(peer, ours) {
  const { value, low, high } = compared(peer, ours, (one, other) => one / other);
  return { ratio: value, low, high };
}

/** As `ratio`: by how much ours is more. */
export function difference(ours, base) {
  return compared(ours, base, (one, other) => one - other);
}

function compared(one, other, compare) {
  const draws = Array.from({ length: resamples }, () => {
    const pairs = one.map(() => Math.floor(Math.random() * one.length));
    return compare(median(pairs.map((at) => one[at])), median(pairs.map((at) => other[at])));
  }).sort((a, b) => a - b);
  return {
    value: compare(median(one), median(other)),
    low: draws[Math.floor(resamples * 0.025)],
    high: draws[Math.floor(resamples * 0.975)],
  };
}

export function milliseconds(value) {
  return value < 1 ? `${(value * 1000).toFixed(0)} µs` : `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}
