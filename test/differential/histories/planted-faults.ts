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
    family: 'aliases',
    file: `${worker}/watch.py`,
    text: 'names = dict.fromkeys(name for seen in changed for name in seen.names)',
    instead: 'names = dict.fromkeys([name for seen in changed for name in seen.names][:1])',
  },
  {
    what: 'nobody looks who else has an object that a step changed',
    format: 'marimo',
    family: 'aliases',
    file: `${worker}/watch.py`,
    text: 'found, kept, left = search.go(namespace)',
    instead: 'found, kept, left = [], [], []',
  },
  {
    what: 'a generator goes on from where the last step left it',
    format: 'percent',
    family: 'generators',
    file: `${worker}/ambient/generators.py`,
    text: 'generator.put(numbers)',
    instead: 'pass',
  },
  {
    what: 'a failed step leaves what it set',
    format: 'marimo',
    family: 'generators',
    file: `${worker}/ambient/__init__.py`,
    text: 'self._put({name: change.before for name, change in changes.items()})',
    instead: 'pass',
  },
  {
    what: 'variables of the environment are left as they are',
    format: 'percent',
    family: 'tables',
    file: `${worker}/ambient/tables.py`,
    text: 'self._tables = [Environment(), WorkingDirectory(), ',
    instead: 'self._tables = [WorkingDirectory(), ',
  },
  {
    what: 'nobody says which files a step has read',
    format: 'percent',
    family: 'files',
    file: `${worker}/data_files.py`,
    text: '"read": read,',
    instead: '"read": [],',
  },
];
