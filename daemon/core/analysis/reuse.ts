/** Facts that hold for another text of the cell too, found without reading its syntax: typing at the end of a comment tells nothing new. */
import type { Span } from '../text.ts';
import type { Facts } from './facts.ts';
import { tokensOf } from './tokens.ts';

/** Whether the facts of one text are those of another: the same tokens, and all that is told stands where nothing has changed. */
export function holdsFor(facts: Facts, before: string, after: string): boolean {
  // What is made of code with errors depends on more than its tokens. What costs least is asked first.
  return facts.problems.length === 0 && reachOf(facts) <= commonLength(before, after) && tokensOf(after) === facts.tokens;
}

function commonLength(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let length = 0;
  while (length < most && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

/** Where the last of the told places ends. */
function reachOf({ defs, refs, mutations, unseenReads, parameters, files }: Facts): number {
  let reach = 0;
  const add = ({ end }: Span) => {
    if (end > reach) reach = end;
  };
  for (const { spans } of defs.values()) spans.forEach(add);
  for (const { spans } of refs.values()) spans.forEach(add);
  for (const { spans } of mutations.values()) spans.forEach(add);
  for (const { span } of files) add(span);
  unseenReads.forEach(add);
  for (const { span, value } of parameters) {
    add(span);
    add(value);
  }
  return reach;
}
