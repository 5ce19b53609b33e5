/** Puts the version of package.json where else it stands. `npm version` runs it. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const constant = join(root, 'protocol', 'version.ts');
writeFileSync(constant, readFileSync(constant, 'utf8').replace(/(packageVersion = ')[^']*/, `$1${version}`));
writeFileSync(join(root, 'daemon', 'worker', 'headwater', 'client-version'), `${version}\n`);
