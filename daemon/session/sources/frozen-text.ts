/** The text of a variant: as it was when the variant was opened. Neither clients nor the file change it. */
import { refusal } from '../../../protocol/errors.ts';
import { type Document, Text } from '../../reading/document.ts';
import { Reader, type Reading } from '../../reading/reading.ts';
import { type OwnedTextOptions, readOrRefuse, type SessionText } from './owned-text.ts';

export class FrozenText implements SessionText {
  readonly version = 0;
  readonly document: Document;
  readonly reading: Reading;

  private constructor(text: string, reading: Reading) {
    this.document = { text: new Text(text), version: 0, owner: undefined };
    this.reading = reading;
  }

  /** Throws a refusal where it is no notebook. */
  static read({ path, text, format, parse }: OwnedTextOptions): FrozenText {
    return new FrozenText(text, readOrRefuse(new Reader(parse, format), path, text));
  }

  /** As another text is now; its cells have the ids that they have there. */
  static of({ document, reading }: Pick<SessionText, 'document' | 'reading'>): FrozenText {
    return new FrozenText(document.text.toString(), reading);
  }

  open(): never {
    throw frozen();
  }

  change(): never {
    throw frozen();
  }

  save(): never {
    throw frozen();
  }

  close(): never {
    throw frozen();
  }

  reload(): void {}
}

function frozen(): Error {
  return refusal(
    'frozen-text',
    'The text of a variant does not change; edit the session of the file, and open another variant for the new text.',
  );
}
