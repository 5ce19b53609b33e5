/** The rules of `roles.ts` for programs in any language: what each role does not see. */
import { type AnyRule, type AnyRules, eventRules, resultRules, viewRules } from './roles.ts';
import type { Role, SessionEvent } from './types.ts';

export interface RolesEntry {
  readonly events: readonly {
    readonly type: SessionEvent['type'];
    /** The least that sees it. */
    readonly role: Role;
    readonly hidden: readonly HiddenField[];
  }[];
  readonly view: readonly HiddenField[];
  readonly results: readonly { readonly method: string; readonly hidden: readonly HiddenField[] }[];
}

/** `cells[].code`: seen from the role on. */
export interface HiddenField {
  readonly field: string;
  readonly role: Role;
}

export function describeRoles(): RolesEntry {
  const types = Object.keys(eventRules) as SessionEvent['type'][];
  return {
    events: types.map((type) => {
      const rule = eventRules[type];
      return rule === 'editor' ? { type, role: rule, hidden: [] } : { type, role: rule.from, hidden: hiddenIn(rule.fields) };
    }),
    view: hiddenIn(viewRules),
    results: Object.entries(resultRules).flatMap(([method, rule]) => {
      const hidden = hiddenBy(rule, '');
      return hidden.length > 0 ? [{ method, hidden }] : [];
    }),
  };
}

function hiddenIn(rules: AnyRules, before = ''): HiddenField[] {
  return Object.entries(rules).flatMap(([name, rule]) => hiddenBy(rule, `${before}${name}`));
}

function hiddenBy(rule: AnyRule, field: string): HiddenField[] {
  if (rule === 'event' || rule === 'viewer') return [];
  if (typeof rule === 'string') return [{ field, role: rule }];
  if ('below' in rule) return [{ field, role: rule.from }];
  if ('each' in rule) return hiddenBy(rule.each, `${field}[]`);
  return hiddenIn(rule.fields, field === '' ? '' : `${field}.`);
}
