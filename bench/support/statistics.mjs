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
  const draws = Array.from({ length: resamples }, () => {
    const pairs = peer.map(() => Math.floor(Math.random() * peer.length));
    return median(pairs.map((at) => peer[at])) / median(pairs.map((at) => ours[at]));
  }).sort((a, b) => a - b);
  return {
    ratio: median(peer) / median(ours),
    low: draws[Math.floor(resamples * 0.025)],
    high: draws[Math.floor(resamples * 0.975)],
  };
}

export function milliseconds(value) {
  return value < 1 ? `${(value * 1000).toFixed(0)} µs` : `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}
