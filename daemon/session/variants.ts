/** Variants among the open sessions. */
import { refusal } from '../../protocol/errors.ts';
import { detectFormat } from '../core/notebook/formats/detect.ts';
import type { Format } from '../core/notebook/notebook.ts';
import { variantsMax } from '../limits.ts';
import type { Parse } from '../parser/parser.ts';
import { OpenedText } from './beginning.ts';
import type { Session } from './session.ts';
import { FrozenText } from './sources/frozen-text.ts';

/** A text that is to be opened. */
export interface Wanted {
  /** Of the file. */
  readonly path: string;
  readonly text: string;
  /** Told from the text where it is undefined. */
  readonly format: Format | undefined;
}

interface Open {
  readonly session: Session;
  /** Of a variant that began with nothing run. */
  readonly opened?: OpenedText | undefined;
}

/** Throws a refusal where one more is too many. */
export function refuseIfTooMany(sessions: Iterable<Session>, path: string): void {
  const variants = [...sessions].filter((session) => session.path === path && session.variant !== undefined);
  if (variants.length >= variantsMax)
    throw refusal('limit-reached', `${variantsMax} variants of ${path} are open; close some of them first.`);
}

/** Throws a refusal where the variant has another text. */
export function requireText(session: Session, wanted: Wanted): void {
  if (!hasText(session, wanted)) throw variantExists(session, 'with another text');
}

export function variantExists({ id, variant, path }: Session, how: string): Error {
  return refusal(
    'variant-exists',
    `The variant ${variant} of ${path} is open already ${how}. Attach to it by its id ${id}, close it first, or choose another name.`,
    { session: id },
  );
}

/** What is read of a text, and follows from it, is shared with those who have read it. Throws a refusal where it is no notebook. */
export function openText(open: readonly Open[], wanted: Wanted, parse: Parse): OpenedText {
  const ofFile = open.filter(({ session }) => session.path === wanted.path);
  const opened = ofFile.find((one) => one.opened && hasText(one.session, wanted))?.opened;
  if (opened) return opened;
  const read = ofFile.find(({ session }) => hasText(session, wanted));
  return new OpenedText(read ? FrozenText.of(read.session) : FrozenText.read({ ...wanted, parse }));
}

function hasText(session: Session, { text, format }: Wanted): boolean {
  const { text: own } = session.document;
  return own.length === text.length && own.toString() === text && session.format === (format ?? detectFormat(text));
}
