/** What a role sees of events and answers, by the rules of the protocol. An editor gets what there is, as it is. */
import { Encoded } from '../../protocol/encoded.ts';
import { Refusal, refusal, refusals } from '../../protocol/errors.ts';
import type { RequestName, ResultOf } from '../../protocol/methods.ts';
import { type AnyRule, type AnyRules, eventRules, reaches, refusalsWithPaths, resultRules } from '../../protocol/roles.ts';
import type { Role, SessionEvent } from '../../protocol/types.ts';

/** For one role it is worked out once, however many clients have it: they get the same object, which is encoded once. */
const seenEvents: Readonly<Record<Role, WeakMap<SessionEvent, SessionEvent>>> = {
  viewer: new WeakMap(),
  interactor: new WeakMap(),
  editor: new WeakMap(),
};

export function seenEvent(role: Role, event: SessionEvent): SessionEvent {
  if (role === 'editor') return event;
  const known = seenEvents[role].get(event);
  if (known) return known;
  const seen = lookAt(role, event);
  seenEvents[role].set(event, seen);
  return seen;
}

/** The answer to a method that the role may send. */
export function seenResult<M extends RequestName>(role: Role, method: M, result: ResultOf<M>): ResultOf<M> {
  // What another thread has written, it has written for this role.
  if (role === 'editor' || (result as unknown) instanceof Encoded) return result;
  const rules: AnyRules = resultRules;
  return seen(role, rules[method] ?? 'editor', result) as ResultOf<M>;
}

export function seenRefusal(role: Role, error: unknown): unknown {
  if (role === 'editor' || !(error instanceof Refusal) || !refusalsWithPaths.has(error.data.name)) return error;
  return refusal(error.data.name, refusals[error.data.name].meaning);
}

function lookAt(role: Role, event: SessionEvent): SessionEvent {
  // A type that is not in the table would be for editors.
  const rule = eventRules[event.type] ?? 'editor';
  if (rule === 'editor' || !reaches(role, rule.from)) return placeholder(event);
  return seen(role, { fields: rule.fields }, event) as SessionEvent;
}

/** It counts as much as what it stands for, so that the numbers have no gaps. */
function placeholder(event: SessionEvent): SessionEvent {
  const { session, seq } = event;
  const first = 'first' in event ? event.first : undefined;
  return { session, seq, type: 'hidden', ...(first !== undefined && { first }) };
}

/** Undefined where nothing of it is seen; the value itself where all is. */
function seen(role: Role, rule: AnyRule, value: unknown): unknown {
  if (rule === 'event') return seenEvent(role, value as SessionEvent);
  if (typeof rule === 'string') return reaches(role, rule) ? value : undefined;
  if ('below' in rule) return reaches(role, rule.from) ? value : rule.below(value as never);
  if ('fields' in rule) return mapped(value as object, (part, name) => seen(role, rule.fields[name] ?? 'editor', part));
  if (Array.isArray(value)) return mappedList(value, (item) => seen(role, rule.each, item));
  return mapped(value as object, (part) => seen(role, rule.each, part));
}

function mapped(whole: object, see: (part: unknown, name: string) => unknown): object {
  const parts = Object.entries(whole);
  const seenParts = parts.map(([name, part]) => [name, see(part, name)] as const);
  if (seenParts.every(([, part], index) => part !== undefined && part === parts[index]?.[1])) return whole;
  return Object.fromEntries(seenParts.filter(([, part]) => part !== undefined));
}

function mappedList(whole: readonly unknown[], see: (item: unknown) => unknown): readonly unknown[] {
  const items = whole.map(see);
  return items.every((item, index) => item === whole[index]) ? whole : items;
}
