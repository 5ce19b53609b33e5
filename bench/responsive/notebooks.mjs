/** Notebooks that were once found to make the daemon deaf: each with its text, how many cells that is, and an edit in its midst. */

export const notebooks = {
  /** 60,000 commands of a shell in one cell. */
  magics: () =>
    oneCell(
      lines(60_000, (at) => `!echo ${at}`),
      '!echo again\n',
    ),
  /** A cell that binds 60,000 names: many more make it too long to be read. */
  names: () =>
    oneCell(
      lines(60_000, (at) => `n${at} = ${at}`),
      'more = 1\n',
    ),
  /** 20,000 cells that bind one name. */
  row: () =>
    cells(
      20_000,
      () => 'x',
      () => '',
    ),
  /** 20,000 cells, each of which reads the one before it. */
  chain: () =>
    cells(
      20_000,
      (at) => `x${at}`,
      (at) => (at === 0 ? '' : `x${at - 1} + `),
    ),
  /** 3,000 functions that call each other in a ring, and who calls the first. */
  ring: () => notebook([...lines(3_000, (at) => `def f${at}():\n    return f${(at + 1) % 3_000}\n`), 'print(f0)\n'], 1_500),
};

function lines(count, lineOf) {
  return Array.from({ length: count }, (_, at) => lineOf(at));
}

function cells(count, nameOf, readsOf) {
  return notebook(
    lines(count, (at) => `${nameOf(at)} = ${readsOf(at)}${at}\n`),
    count / 2,
  );
}

/** The edited cell gets a further line. */
function notebook(codes, edited) {
  const parts = codes.map((code) => `# %%\n${code}\n`);
  const line = parts.slice(0, edited).join('').split('\n').length;
  return { text: parts.join(''), cells: codes.length, edit: insertion(line, 'y = 0\n') };
}

function oneCell(codes, inserted) {
  return { text: `# %%\n${codes.join('\n')}\n`, cells: 1, edit: insertion(codes.length / 2, inserted) };
}

function insertion(line, text) {
  const place = { line, character: 0 };
  return { range: { start: place, end: place }, text };
}
