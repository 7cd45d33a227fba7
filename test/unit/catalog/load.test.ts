// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadCatalog } from '../../../src/catalog/catalog.ts';
import { factFileSchema } from '../../../src/catalog/facts-schema.ts';
import { readYaml } from '../../../src/catalog/mapping-source.ts';
import { loadPack } from '../../../src/catalog/pack-file.ts';
import { seedServicesFileSchema } from '../../../src/catalog/seed-schema.ts';

const directory = mkdtempSync(join(tmpdir(), 'aims-catalog-'));
afterAll(() => rmSync(directory, { recursive: true }));

function fileWith(name: string, content: string): URL {
  const path = join(directory, name);
  writeFileSync(path, content);
  return pathToFileURL(path);
}
const absent = pathToFileURL(join(directory, 'absent.json'));
const having = (code: string) => expect.objectContaining({ code });

describe('loading', () => {
  it('reads the pack that ships, and says so when there is none', () => {
    expect(loadPack()).toMatchObject({ id: 'aims-core', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    expect(() => loadPack(absent)).toThrow(having('MAPPING_PACK_ABSENT'));
  });

  it('names the damaged pack file and what to do', () => {
    const file = fileWith('pack.json', '{"digest":"no"}');
    expect(() => loadPack(file)).toThrow(having('MAPPING_PACK_DAMAGED'));
    expect(() => loadPack(file)).toThrow(/pack\.json.*npm run gen/);
  });

  it('reads the catalogue that ships, and refuses one that is absent, cut or of another form', () => {
    expect(loadCatalog().clauses.length).toBe(43);
    expect(() => loadCatalog(absent)).toThrow(having('MAPPING_CATALOG_DAMAGED'));
    expect(() => loadCatalog(fileWith('cut.json', '{"schema":'))).toThrow(having('MAPPING_CATALOG_DAMAGED'));
    expect(() => loadCatalog(fileWith('other.json', '{"schema":"aims-evidence/catalog/2"}'))).toThrow(having('MAPPING_CATALOG_DAMAGED'));
  });
});

describe('a file that people write', () => {
  const folder = pathToFileURL(`${directory}/`);
  mkdirSync(join(directory, 'facts'));
  const read = (content: string) => {
    fileWith('facts/x.yaml', content);
    return readYaml(folder, 'facts/x.yaml', factFileSchema);
  };
  const good =
    'schema: aims-evidence/facts/1\nsource: macie\nfacts:\n  openDays: { type: integer, meaning: days, computed: counted, from: [createdAt] }\n';

  it('is taken in its form', () => {
    expect(read(good).facts['openDays']?.type).toBe('integer');
  });

  it.each([
    ['an unknown member', good.replace('meaning:', 'how: x, meaning:')],
    ['an unknown source', good.replace('macie', 'moon')],
    ['a text of a quotation’s length', good.replace('counted', 'x'.repeat(1_300))],
    ['a key that stands twice', `${good}  openDays: { type: integer, meaning: days, computed: counted, from: [a] }\n`],
    ['broken YAML', `${good}   - [`],
  ])('is refused with %s, by its name', (_fault, content) => {
    expect(() => read(content)).toThrow(having('MAPPING_FILE_INVALID'));
    expect(() => read(content)).toThrow(/mappings\/facts\/x\.yaml/);
  });

  it('is refused with a day that no calendar has, by file and field', () => {
    const services = (since: string) =>
      `schema: aims-evidence/seed-services/1\nas_of: '2026-11-21'\nservices:\n- { service: X, status: open, since: '${since}', checked: page }\n`;
    const readServices = (since: string) => {
      fileWith('facts/services.yaml', services(since));
      return readYaml(folder, 'facts/services.yaml', seedServicesFileSchema);
    };
    expect(readServices('2024-02-29').services[0]?.since).toBe('2024-02-29');
    expect(() => readServices('2026-02-30')).toThrow(having('MAPPING_FILE_INVALID'));
    expect(() => readServices('2026-02-30')).toThrow(
      /services\.yaml:[\s\S]*"2026-02-30" is no day of the calendar[\s\S]*services\[0\]\.since/,
    );
  });
});
