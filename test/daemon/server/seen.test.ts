/** What each role sees of random events and views, by the rules of the protocol; SEED=… makes others. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seenEvent, seenRefusal, seenResult } from '../../../daemon/server/seen.ts';
import { applyChange } from '../../../protocol/changes.ts';
import { describeProtocol } from '../../../protocol/describe.ts';
import { refusal } from '../../../protocol/errors.ts';
import { requests } from '../../../protocol/methods.ts';
import { type OpenMethod, resultRules } from '../../../protocol/roles.ts';
import { NotebookView, type Role, SessionEvent } from '../../../protocol/types.ts';
import { readVectors } from '../../protocol/events/vectors.ts';
import { named, valuesOf } from '../../support/arbitrary.ts';
import { howMany } from '../../support/histories.ts';

const numRuns = howMany(2000);
const seed = Number(process.env['SEED'] ?? 17);
const description = describeProtocol();
const lesser = ['viewer', 'interactor'] as const;
const ranks = { viewer: 0, interactor: 1, editor: 2 };

/** What the rules of the protocol hide from the role, as the paths that they have in protocol.json. */
function hiddenFrom(role: Role, fields: readonly { readonly field: string; readonly role: Role }[]): string[] {
  return fields.filter((one) => ranks[one.role] > ranks[role]).map(({ field }) => field);
}

/** Every value in it, with its path. */
function leaves(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, `${path}[]`));
  return Object.entries(value).flatMap(([name, part]) => leaves(part, path === '' ? name : `${path}.${name}`));
}

/** Whether the path is that of the field or leads into it; `[]` stands for an item of a list or of a table. */
function isUnder(path: string, field: string): boolean {
  return new RegExp(`^${field.replaceAll('.', '\\.').replaceAll('[]', '(?:\\[\\]|\\.\\w+)')}(?:$|[.[])`).test(path);
}

/** With a table of cells of its own, since folding changes that in place. */
function seenView(role: Role, view: NotebookView): NotebookView {
  const seen = seenResult(role, 'session/attach', { view }).view as NotebookView;
  return { ...seen, cells: { ...seen.cells } };
}

const events = fc.oneof(...(description.$defs['SessionEvent']?.oneOf ?? []).map(valuesOf)) as fc.Arbitrary<SessionEvent>;

describe('an event', () => {
  it.each(lesser)('is for the role %s as the rules say: whole, in part, or a number alone (P53)', (role) => {
    const seenTypes = new Set<string>();
    fc.assert(
      fc.property(events, (event) => {
        const rule = description.roles.events.find(({ type }) => type === event.type);
        const seen = seenEvent(role, event);
        SessionEvent.parse(seen);
        seenTypes.add(event.type);
        if (!rule || ranks[rule.role] > ranks[role]) {
          const { session, seq } = event;
          const first = 'first' in event ? { first: event.first } : {};
          expect(seen).toEqual({ session, seq, type: 'hidden', ...first });
          return;
        }
        const hidden = hiddenFrom(role, rule.hidden);
        const shown = (whole: SessionEvent) => leaves(whole).filter(([path]) => !hidden.some((field) => isUnder(path, field)));
        expect(shown(seen)).toEqual(shown(event));
        const others = leaves(seen).filter(([path]) => hidden.some((field) => isUnder(path, field)));
        expect(others.filter(([, value]) => value !== '' && value !== 0)).toEqual([]);
      }),
      { seed, numRuns },
    );
    expect([...seenTypes].sort()).toEqual(description.roles.events.map(({ type }) => type).sort());
  });

  it('is for an editor the object itself; for others it is worked out once, and the object itself where all is seen', () => {
    fc.assert(
      fc.property(events, fc.constantFrom(...lesser), (event, role) => {
        expect(seenEvent('editor', event)).toBe(event);
        const seen = seenEvent(role, event);
        expect(seenEvent(role, event)).toBe(seen);
        if (event.type.startsWith('output.') && event.type !== 'output.unattributed') expect(seen).toBe(event);
      }),
      { seed, numRuns },
    );
  });
});

it.each(lesser)('folding what the role %s sees of the events gives what it sees of the later view (P54)', (role) => {
  const histories = fc.array(events, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(named('NotebookView') as fc.Arbitrary<NotebookView>, histories, (first, history) => {
      let whole = { ...structuredClone(first), seq: 0 };
      let part = seenView(role, whole);
      NotebookView.parse(part);
      for (const [at, news] of history.entries()) {
        const event = { ...news, seq: at + 1 };
        part = applyChange(part, seenEvent(role, event));
        whole = applyChange(whole, event);
        expect(part).toEqual(seenView(role, whole));
      }
    }),
    { seed, numRuns },
  );
});

describe('the examples of spec/vectors/events, real sessions among them', () => {
  const folder = new URL('../../../spec/vectors/events/', import.meta.url);
  const examples = readdirSync(folder).flatMap((file) => readVectors(readFileSync(new URL(file, folder), 'utf8')));

  it.each(lesser)('fold for the role %s to what it sees of the view afterwards (P54)', (role) => {
    expect(examples.length).toBeGreaterThan(50);
    for (const { name, view, events, after, asks } of examples) {
      if (asks) continue;
      const folded = events.map((event) => seenEvent(role, event)).reduce(applyChange, seenView(role, view));
      expect(folded, name).toEqual(seenView(role, after));
    }
  });
});

describe('an answer', () => {
  const open = Object.keys(resultRules) as OpenMethod[];
  it.each(open.flatMap((method) => lesser.map((role) => [method, role] as const)))(
    'to %s has for the role %s what the rules say',
    (method, role) => {
      const { result } = description.requests.find((entry) => entry.method === method) ?? { result: {} };
      const hidden = hiddenFrom(role, description.roles.results.find((entry) => entry.method === method)?.hidden ?? []);
      fc.assert(
        fc.property(valuesOf(result), (whole) => {
          const seen = seenResult(role, method, whole as never);
          requests[method].result.parse(seen);
          expect(seenResult('editor', method, whole as never)).toBe(whole);
          const left = leaves(seen).filter(([path]) => hidden.some((field) => isUnder(path, field)));
          const blank = ([path, value]: [string, unknown]) =>
            value === '' || value === 0 || (path.endsWith('path') && !String(value).includes('/'));
          expect(left.filter((leaf) => !blank(leaf))).toEqual([]);
        }),
        { seed, numRuns: Math.ceil(numRuns / 20) },
      );
    },
  );

  it('that was made by a method for editors is not for others, whatever it is', () => {
    for (const role of lesser) expect(seenResult(role, 'graph/check', { cells: [] } as never)).toBeUndefined();
  });
});

it('a refusal names no file to others than editors', () => {
  const refused = refusal('no-interpreter', '/home/u/.venv has no Python.');
  expect(seenRefusal('editor', refused)).toBe(refused);
  expect(seenRefusal('interactor', refused)).toMatchObject({ code: refused.code, message: 'No Python interpreter was found.' });
  const other = refusal('bad-parameter', 'n must be an int.');
  expect(seenRefusal('interactor', other)).toBe(other);
});
