/** docs/what-is-watched.md, from the kinds. `npm run spec` writes it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../daemon/kernel/package-root.ts';
import { allKinds, sections } from './all-kinds.ts';
import type { Edit, Kind, Section, Standing } from './kind.ts';

export function watchedPage(): string {
  return [head(), beyondText(), reading, ...sections.map(sectionText)].join('\n');
}

function head(): string {
  return `<!-- Written by \`npm run spec\` from test/differential/kinds, whose rows are played on a real kernel by kinds.test.ts. -->

# What is watched

A fresh cell shows what a run of the whole file from top to bottom would show. This page lists
${allKinds.length} kinds of change and of sharing, and says for each whether that holds.
`;
}

/** What a newcomer wants to know first, by its reason. */
function beyondText(): string {
  const kinds = allKinds.filter(({ percent, marimo }) => percent === 'beyond' || marimo === 'beyond');
  const reasons = [...new Set(kinds.map(({ why }) => why as string))];
  const groups = reasons.map((why) => ({ why, names: kinds.filter((kind) => kind.why === why).map(beyondName) }));
  groups.sort((a, b) => b.names.length - a.names.length);
  const lines = groups.map(({ why, names }) => wrapped(`- ${why} So: ${exampleOf(names)}.`));
  return `## Where it ends

A cell can be fresh and wrong after a change of these kinds:

${lines.join('\n')}

Run the cells in question again, or restart the kernel, or write the change so that a name shows it.

And what a new or an edited cell changes under a name that its text does not have is known only once
it has run. If \`a.append(1)\` comes between \`a = b = []\` and \`print(b)\`, who reads \`a\` is stale
at once, and who reads \`b\` after the new cell has run. So run a new cell before you trust what
stands below it. Which names are one object is not read from the text: between the two cells a name
may be bound again, copied, or handed on by a function.
`;
}

/** The tables have them all. */
function exampleOf(names: readonly string[]): string {
  const example = names.toSorted((a, b) => a.length - b.length)[0] as string;
  return names.length === 1 ? example : `${example}, and ${names.length - 1} more`;
}

const beyondName = ({ kind, percent }: Kind) => (percent === 'beyond' ? kind : `${kind} (marimo)`);

/** As all text here, at 100 columns. */
function wrapped(item: string): string {
  const lines = [''];
  for (const word of item.split(' ')) {
    const line = lines.at(-1) as string;
    if (line !== '' && line.length + word.length >= 100) lines.push(`  ${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}

const reading = `## How to read the tables

A test runs every row on a real kernel: it runs the notebook, makes the edit, runs the edited cell,
runs what is stale, takes the edit back, makes it again, and runs each cell again. In a second
session it runs the last cell, which reads, before the edited one. After each of these it compares
whatever is fresh with a run of the text in a new Python process. What a new cell does without
saying so is known once it has run; before that, the comparison leaves the cell out.

- **equal**: it holds, after each of these.
- **refused**: the cells are in conflict, so they do not run. Marimo's format does not allow two
  cells to define one name.
- A link: the result may differ, and the problem of that name says so. *unwatched* is a note at the
  cell: Headwater did not have the time to look at all that the cell may have changed.
- **beyond**: a cell can be fresh and show something else, as said above.

Cells stand in separate lines, and \`⏎\` is the end of a line in a cell. *script* is a file with
\`# %%\` lines, *marimo* a marimo notebook with the same cells.
`;

function sectionText({ title, about, kinds }: Section): string {
  const rows = kinds.map(rowText).join('\n');
  return `## ${title}\n\n${about}\n\n| kind | cells | edit | script | marimo |\n| --- | --- | --- | --- | --- |\n${rows}\n`;
}

function rowText(row: Kind): string {
  const kind = row.why === undefined ? row.kind : `${row.kind}. ${row.why}`;
  return `| ${[kind, cellsText(row), editText(row.edit), standingText(row.percent), standingText(row.marimo)].join(' | ')} |`;
}

function cellsText({ cells, files }: Kind): string {
  const given = Object.entries(files).map(([name, content]) => `${name}: ${codeText(content)}`);
  return [...given, ...cells.map(codeText)].join('<br>');
}

function editText(edit: Edit): string {
  switch (edit.type) {
    case 'change':
      return `cell ${edit.at}: ${codeText(edit.code)}`;
    case 'insert':
      return `new cell ${edit.at}: ${codeText(edit.code)}`;
    case 'remove':
      return `without cell ${edit.at}`;
    case 'move':
      return `cell ${edit.at} becomes cell ${edit.to}`;
    case 'file':
      return `${edit.name}: ${codeText(edit.content)}`;
  }
}

function codeText(code: string): string {
  const text = code.trimEnd().replaceAll('\n', ' ⏎ ').replaceAll('|', '\\|');
  return `\`${text}\``;
}

function standingText(standing: Standing): string {
  if (standing === 'beyond') return '**beyond**';
  if (!standing.startsWith('told: ')) return standing;
  const code = standing.slice('told: '.length);
  const page = join(packageRoot(), 'docs', 'problems', `${code}.md`);
  return existsSync(page) ? `[${code}](problems/${code}.md)` : `*${code}*`;
}
