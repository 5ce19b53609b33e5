/** The licences of what is bundled: of every package that the program depends on, and what these depend on. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

export function bundledLicences() {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const bundled = Object.entries(packages).filter(([path, { dev, optional }]) => path !== '' && !dev && !optional);
  return `Headwater contains code of these packages.\n\n${bundled.map(licenceOf).join('\n')}`;
}

function licenceOf([path, { version, license }]) {
  const file = readdirSync(join(root, path)).find((name) => /^licen[sc]e/i.test(name));
  if (file === undefined) throw new Error(`${path} has no licence file; say in packages/licences.mjs where its licence is.`);
  const text = readFileSync(join(root, path, file), 'utf8')
    .replaceAll('\r\n', '\n')
    .trim();
  return `${'='.repeat(80)}\n${path.split('node_modules/').at(-1)} ${version} (${license})\n\n${text}\n`;
}
