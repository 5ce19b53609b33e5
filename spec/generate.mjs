// Writes what follows from protocol/, the examples of what events change, and the table of what is watched: `npm run spec`. A test fails when the files are old.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describeProtocol } from '../build/protocol/describe.js';
import { referencePage } from '../build/protocol/reference.js';
import { watchedPage } from '../build/test/differential/kinds/page.js';
import { vectorFiles } from '../build/test/protocol/events/vectors.js';

const description = describeProtocol();
writeFileSync(new URL('protocol.json', import.meta.url), `${JSON.stringify(description, undefined, 2)}\n`);
writeFileSync(new URL('reference.md', import.meta.url), referencePage(description));
writeFileSync(new URL('../docs/what-is-watched.md', import.meta.url), watchedPage());

const vectors = new URL('vectors/events/', import.meta.url);
rmSync(vectors, { recursive: true, force: true });
mkdirSync(vectors);
for (const [name, text] of Object.entries(await vectorFiles())) writeFileSync(new URL(name, vectors), text);
