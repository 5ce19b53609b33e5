// Writes what follows from protocol/: `npm run build && node spec/generate.mjs`. A test fails when the files are old.
import { writeFileSync } from 'node:fs';
import { describeProtocol } from '../build/protocol/describe.js';
import { referencePage } from '../build/protocol/reference.js';

const description = describeProtocol();
writeFileSync(new URL('protocol.json', import.meta.url), `${JSON.stringify(description, undefined, 2)}\n`);
writeFileSync(new URL('reference.md', import.meta.url), referencePage(description));
