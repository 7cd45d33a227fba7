// SPDX-License-Identifier: Apache-2.0
// Begins a decision record: `npm run new:adr -- "<title>"` writes docs/adr/NNNN-title.md.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { AimsError } from '../src/evidence/errors.ts';
import { adrName, nextAdrNumber } from './scaffold/adr-name.ts';
import { fillTemplate } from './scaffold/fill-template.ts';

try {
  const title = process.argv.slice(2).join(' ').trim();
  const folder = new URL('../docs/adr/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const number = nextAdrNumber(readdirSync(folder));
  const name = adrName(number, title);
  const template = readFileSync(new URL('templates/adr.md.template', import.meta.url), 'utf8');
  const date = new Date().toISOString().slice(0, 10);
  writeFileSync(new URL(name, folder), fillTemplate(template, { number, title, date }), { flag: 'wx' });
  console.log(`wrote docs/adr/${name}`);
} catch (error) {
  if (!(error instanceof AimsError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
