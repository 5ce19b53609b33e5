/**
 * Made-up notebooks of any size.
 * @typedef {'tiny' | 'real'} Style one short line a cell, or about ten lines as people write them
 * @typedef {'dag' | 'chain' | 'fan'} Shape each cell reads one to three of the 200 before it, the one before it, or the first
 */

/** The codes of `count` cells. */
export function cellCodes(count, style, shape = 'dag') {
  const roll = random(7);
  return Array.from({ length: count }, (_, index) => {
    const parents = index === 0 ? [] : parentsOf[shape](index, roll);
    return style === 'tiny' ? tinyCell(index, parents) : realCell(index, parents);
  });
}

const parentsOf = {
  chain: (index) => [index - 1],
  fan: () => [0],
  dag(index, roll) {
    const from = Math.max(0, index - 200);
    const parents = new Set();
    for (let k = 1 + roll(3); k > 0; k -= 1) parents.add(from + roll(index - from));
    return [...parents];
  },
};

/** The same cells as a percent script. */
export function percentText(codes) {
  return codes.map((code) => `# %%\n${code}\n`).join('\n');
}

/** The same cells in marimo's format, with the signatures that marimo gives them. */
export function marimoText(codes) {
  const taken = new Set(codes.flatMap((code, index) => xsIn(code, index)));
  const cells = codes.map((code, index) => {
    const returned = taken.has(`x_${index}`) ? ` (x_${index},)` : '';
    return `@app.cell\ndef _(${xsIn(code, index).join(', ')}):\n${code.replace(/^/gm, '    ')}\n    return${returned}\n`;
  });
  return `import marimo\n\napp = marimo.App()\n\n\n${cells.join('\n\n')}\n\nif __name__ == "__main__":\n    app.run()\n`;
}

/** The results of other cells that a cell reads. */
function xsIn(code, own) {
  return [...new Set(code.match(/\bx_\d+\b/g))].filter((name) => name !== `x_${own}`).sort();
}

function tinyCell(index, parents) {
  return `x_${index} = ${[...parents.map((parent) => `x_${parent}`), 1].join(' + ')}`;
}

function realCell(index, parents) {
  const sum = parents.map((parent) => `x_${parent}`).join(' + ') || '0';
  return [
    `# part ${index}: smooth what came before and describe it`,
    `def smooth_${index}(values, width=3, *others, weight=1.0):`,
    '    total = 0.0',
    '    for _value in values[:width]:',
    '        total += weight * _value + len(others)',
    '    return total / max(width, 1)',
    `_points_${index} = [smooth_${index}([i, i + 1], weight=0.5) for i in range(4) if i != ${index % 5}]`,
    `x_${index} = (${sum}) + sum(_points_${index})`,
    `title_${index} = f"part ${index}: {x_${index}:>8.2f} of {len(_points_${index})}"`,
    `title_${index}.strip().upper()`,
  ].join('\n');
}

/** mulberry32: the same notebooks in every run. */
function random(seed) {
  let a = seed >>> 0;
  return (below) => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
