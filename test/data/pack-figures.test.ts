// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { catalogItems, loadCatalog } from '../../src/catalog/catalog.ts';
import { loadPack } from '../../src/catalog/pack-file.ts';
import { ruleClaims } from '../../src/catalog/rule-claims.ts';
import type { Strength } from '../../src/evidence/claim.ts';

const pack = loadPack();
const catalog = loadCatalog();
const claims = ruleClaims(pack.rules);
const of = (strength: Strength) => claims.filter((claim) => claim.strength === strength).length;
const items = catalogItems(catalog);
const controls = items.filter(({ kind }) => kind === 'control');
const clauses = items.filter(({ kind }) => kind === 'clause');
const manual = controls.filter(({ automation }) => automation === 'none' || automation === 'assist');

/** Where a person wrote figures about rules, claims, catalogue and seed, and what they must be. `#` stands for a figure. */
const figures: readonly (readonly [file: string, words: string, ...numbers: number[]])[] = [
  ['README.md', '# reviewed rules', pack.rules.length],
  ['README.md', '# claims that its rules make, # are direct and # partial', claims.length, of('direct'), of('partial')],
  ['README.md', '# of # Annex A controls AWS data at most informs', manual.length, controls.length],
  ['docs/architecture.md', 'of the standard; # + #', clauses.length, controls.length],
  ['mappings/README.md', 'the # rows this project started from', catalog.seed.rows.length],
  ['mappings/README.md', 'the # services they name', catalog.seed.services.length],
];

/** Figures that look alike and are AWS's. */
const others = ['300 rules'];

const textOf = (file: string) => readFileSync(file, 'utf8').replaceAll(/(\d),(?=\d{3}\b)/g, '$1');
// Written by `npm run gen`, so right by their making.
const generated = ['docs/mapping.md', 'docs/command-output.md'];
const documents = [
  'README.md',
  'mappings/README.md',
  ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
];
const written = documents.filter((file) => !generated.includes(file));
const counting = /\d+ (?:of \d+ )?(?:reviewed |Annex A |service )?(?:rules|claims|controls|clauses|rows|services)\b/g;

describe('figures about the pack', () => {
  it.each(figures)('in %s hold: %s', (file, words, ...numbers) => {
    const found = new RegExp(words.replaceAll('+', '\\+').replaceAll('#', '(\\d+)')).exec(textOf(file));
    expect(found?.slice(1).map(Number)).toEqual(numbers);
  });

  it('stand nowhere else in documents that people write', () => {
    const known = figures.map(
      ([file, words, ...numbers]) => [file, numbers.reduce((text, n) => text.replace('#', String(n)), words)] as const,
    );
    const unchecked = written.flatMap((file) => {
      const checked = [...others, ...known.filter(([of]) => of === file).map(([, text]) => text)];
      return [...textOf(file).matchAll(counting)].map(([text]) => text).filter((text) => !checked.some((one) => one.includes(text)));
    });
    expect(written.length).toBeGreaterThan(6);
    expect(unchecked).toEqual([]);
  });
});
