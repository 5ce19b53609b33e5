import type { Format } from '../../../daemon/core/notebook/notebook.ts';
import type { FamilyName } from './families.ts';

export interface Fault {
  readonly what: string;
  readonly format: Format;
  /** The statements by which it is noticed. */
  readonly family: FamilyName;
  readonly file: string;
  /** It stands once in the file. */
  readonly text: string;
  readonly instead: string;
}

const worker = 'daemon/worker/headwater_worker';

export const faults: readonly Fault[] = [
  {
    what: 'no change of an object is seen',
    format: 'percent',
    family: 'functions over globals',
    file: `${worker}/watch.py`,
    text: 'return [_mutation(name, places.get(name)) for name in names]',
    instead: 'return []',
  },
  {
    what: 'a change is seen of the first name alone',
    format: 'percent',
    family: 'functions over globals',
    file: `${worker}/watch.py`,
    text: 'return [_mutation(name, places.get(name)) for name in names]',
    instead: 'return [_mutation(name, places.get(name)) for name in names][:1]',
  },
];
