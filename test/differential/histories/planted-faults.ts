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
    text: 'changed = [seen for seen in self._seen.values() if seen.is_known and seen.has_changed()]',
    instead: 'changed = []',
  },
  {
    what: 'a change is seen of the first name alone',
    format: 'percent',
    family: 'functions over globals',
    file: `${worker}/watch.py`,
    text: 'names = dict.fromkeys(name for seen in changed for name in seen.names)',
    instead: 'names = dict.fromkeys([name for seen in changed for name in seen.names][:1])',
  },
];
