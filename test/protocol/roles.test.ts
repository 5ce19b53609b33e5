import { expect, it } from 'vitest';
import { describeProtocol, type Schema } from '../../protocol/describe.ts';
import { type AnyRule, eventRules, reaches, resultRules, viewRules } from '../../protocol/roles.ts';
import type { Role } from '../../protocol/types.ts';

const { $defs, requests } = describeProtocol();

it.each([
  ['viewer', [true, false, false]],
  ['interactor', [true, true, false]],
  ['editor', [true, true, true]],
] as const)('a %s has the roles below, too', (role, expected) => {
  expect((['viewer', 'interactor', 'editor'] satisfies Role[]).map((least) => reaches(role, least))).toEqual(expected);
});

/** Where a rule names other fields than the schema has. */
function differences(rule: AnyRule, given: Schema, at: string): string[] {
  const schema = given.$ref ? ($defs[given.$ref.replace('#/$defs/', '')] ?? {}) : given;
  if (typeof rule === 'string' || 'below' in rule) return [];
  if ('each' in rule) {
    const items = schema.items ?? schema.additionalProperties;
    return typeof items === 'object' ? differences(rule.each, items, `${at}[]`) : [`${at} is no list`];
  }
  const properties = schema.properties ?? {};
  const names = new Set([...Object.keys(rule.fields), ...Object.keys(properties)]);
  return [...names].flatMap((name) => {
    const [own, field] = [rule.fields[name], properties[name]];
    return own && field ? differences(own, field, `${at}.${name}`) : [`${at}.${name} is in one of them alone`];
  });
}

it('the rules name each field that there is, of events, of the view and of answers, and no others', () => {
  const variants = $defs['SessionEvent']?.oneOf ?? [];
  const events = Object.entries(eventRules).flatMap(([type, rule]) => {
    const schema = variants.find(({ properties }) => properties?.['type']?.const === type);
    return rule === 'editor' ? [] : differences({ fields: rule.fields }, schema ?? {}, type);
  });
  const results = Object.entries(resultRules).flatMap(([method, rule]) =>
    differences(rule, requests.find((request) => request.method === method)?.result ?? {}, method),
  );
  expect([...events, ...results, ...differences({ fields: viewRules }, { $ref: '#/$defs/NotebookView' }, 'view')]).toEqual([]);
  expect(Object.keys(eventRules).sort()).toEqual(variants.map(({ properties }) => properties?.['type']?.const).sort());
});
