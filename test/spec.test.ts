import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeProtocol } from '../protocol/describe.ts';
import { refusals } from '../protocol/errors.ts';
import { notifications, requests } from '../protocol/methods.ts';
import { referencePage } from '../protocol/reference.ts';
import { watchedPage } from './differential/kinds/page.ts';

const read = (name: string) => readFileSync(new URL(`../spec/${name}`, import.meta.url), 'utf8');

describe('what is generated', () => {
  const advice = 'is old; run: npm run spec';
  it('protocol.json is as the protocol says', () => {
    expect(JSON.parse(read('protocol.json')), `protocol.json ${advice}`).toEqual(JSON.parse(JSON.stringify(describeProtocol())));
  });
  it('reference.md is as the protocol says', () =>
    expect(read('reference.md') === referencePage(describeProtocol()), `reference.md ${advice}`).toBe(true));

  it('reference.md leaves out no description', () => {
    const page = read('reference.md').replaceAll('\\|', '|');
    const descriptions = [...read('protocol.json').matchAll(/"(?:description|doc)": ("(?:[^"\\]|\\.)*")/g)].map(
      ([, text]) => JSON.parse(text as string) as string,
    );
    expect(descriptions.length).toBeGreaterThan(200);
    expect(descriptions.filter((text) => !page.includes(text))).toEqual([]);
  });

  it('has the value of every limit that it names', () => {
    const { limits } = describeProtocol();
    const named = new Set([...read('protocol.json').matchAll(/\b\w+Max\b/g)].map(([name]) => name));
    expect([...named].filter((name) => !limits.some((limit) => limit.name === name))).toEqual([]);
    for (const { name, value } of limits)
      expect(read('reference.md')).toContain(`| \`${name}\` | ${value.toLocaleString('en-US')} |`);
  });

  it('docs/what-is-watched.md is as the kinds in test/differential say', () =>
    expect(read('../docs/what-is-watched.md') === watchedPage(), `docs/what-is-watched.md ${advice}`).toBe(true));

  it('has every noun that it refers to', () => {
    const text = read('protocol.json');
    const { $defs } = describeProtocol();
    const missing = [...text.matchAll(/"#\/\$defs\/(\w+)"/g)]
      .map(([, name]) => name as string)
      .filter((name) => !(name in $defs));
    expect(missing).toEqual([]);
  });

  it('has bytes in answers alone, as the writer of frames takes for granted', () => {
    const { requests, notifications, $defs } = describeProtocol();
    const said = JSON.stringify([requests.map(({ params }) => params), notifications, { ...$defs, Bytes: undefined }]);
    expect(said.includes('"#/$defs/Bytes"')).toBe(false);
    expect(JSON.stringify(requests.map(({ result }) => result))).toContain('"#/$defs/Bytes"');
  });

  it('links to headings that are there', () => {
    const page = read('reference.md');
    const anchors = new Set(
      [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
        (heading as string)
          .toLowerCase()
          .replaceAll(/[^\w -]/g, '')
          .replaceAll(' ', '-'),
      ),
    );
    const dead = [...page.matchAll(/\]\(#([^)]*)\)/g)]
      .map(([, anchor]) => anchor as string)
      .filter((anchor) => !anchors.has(anchor));
    expect(dead).toEqual([]);
  });
});

/** The numbers that stand in parentheses at the end of names of tests, and of examples in the vectors: `'… (P20, P21)'`. */
const citations = [
  ['./', '.test.ts'],
  ['../spec/vectors/', '.json'],
].flatMap(([folder, ending]) => {
  const files = readdirSync(new URL(folder as string, import.meta.url), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith(ending as string))
    .flatMap((file) => citationsIn(new URL(`${folder}${file}`, import.meta.url)));
});

function citationsIn(file: URL): string[] {
  const names = readFileSync(file, 'utf8').matchAll(/\(([PEAW]\d+(?:, [PEAW]\d+)*)\)['"`]/g);
  return [...names].flatMap(([, numbers]) => (numbers as string).split(', '));
}

describe('the requirements', () => {
  const pages = [
    ['protocol.md', 'P'],
    ['events.md', 'E'],
    ['analysis.md', 'A'],
    ['worker.md', 'W'],
  ] as const;

  function numbered(page: string, letter: string): number[] {
    return [...read(page).matchAll(/^- \*\*([A-Z])(\d+)\*\*/gm)].flatMap(([, found, number]) =>
      found === letter ? [Number(number)] : [],
    );
  }

  it.each(pages)('of %s are numbered from %s1 without gaps', (page, letter) => {
    const numbers = numbered(page, letter);
    expect(numbers.length).toBeGreaterThan(20);
    expect(numbers).toEqual(numbers.map((_, n) => n + 1));
  });

  it.each(pages)('of %s are each cited by the name of a test or an example, and no others', (page, letter) => {
    const promised = numbered(page, letter).map((number) => `${letter}${number}`);
    const cited = citations.filter((citation) => citation.startsWith(letter));
    expect({
      uncited: promised.filter((number) => !cited.includes(number)),
      unknown: cited.filter((number) => !promised.includes(number)),
    }).toEqual({ uncited: [], unknown: [] });
  });
});

describe('the session on the wire', () => {
  type Line = {
    readonly id?: number;
    readonly method?: string;
    readonly params?: unknown;
    readonly result?: unknown;
    readonly error?: { readonly code: number; readonly data: { readonly name: string } };
  };
  const lines = read('README.md')
    .split('\n')
    .filter((line) => /^[→←] /.test(line))
    .map((line) => JSON.parse(line.slice(2)) as Line);
  const asked = new Map<number, string>();

  it.each(lines.map((line, n) => [n, line.method ?? `answer to ${line.id}`, line] as const))(
    'line %i, %s, is as the protocol says',
    (_, __, line) => {
      if (line.method !== undefined && line.id !== undefined) {
        asked.set(line.id, line.method);
        requests[line.method as keyof typeof requests].params.parse(line.params);
      } else if (line.method !== undefined) {
        notifications[line.method as keyof typeof notifications].params.parse(line.params);
      } else if (line.error) {
        const { name } = line.error.data;
        expect(refusals[name as keyof typeof refusals].code).toBe(line.error.code);
      } else {
        requests[asked.get(line.id as number) as keyof typeof requests].result.parse(line.result);
      }
    },
  );

  it('shows a frame with its true length', () => {
    const [, length, body] = /Content-Length: (\d+)\\r\\n\n\\r\\n\n(.*)\n/.exec(read('README.md')) ?? [];
    expect(Buffer.byteLength(body as string)).toBe(Number(length));
  });
});

describe('Markdown', () => {
  const root = new URL('../', import.meta.url);
  const inFolders = ['docs', 'spec', 'clients', 'bench', 'examples'].flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
  );
  // The reference is generated.
  const pages = ['README.md', 'CONTRIBUTING.md', ...inFolders].filter(
    (file) => file.endsWith('.md') && file !== 'spec/reference.md',
  );

  it.each(pages)('%s is wrapped at 100 columns, tables and code apart', (page) => {
    const text = readFileSync(new URL(page, root), 'utf8').replaceAll(/^(```+).*?^\1$/gms, '');
    const isProse = (line: string) => !/^(?: {4}|\||<!--)/.test(line);
    expect(text.split('\n').filter((line) => isProse(line) && [...line].length > 100)).toEqual([]);
  });
});
