// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { catalogItems, loadCatalog } from '../../src/catalog/catalog.ts';
import { resolveSeedAlias } from '../../src/catalog/seed-alias.ts';

const catalog = loadCatalog();
const { rows, services } = catalog.seed;
const pairs = rows.flatMap((row) => row.services.map(({ service, standard }) => ({ row: row.alias, service, standard })));
const statusOf = (name: string) => services.find((service) => service.service === name);

describe('the seed mapping', () => {
  it('has 18 rows, 68 row-service pairs and 52 service names', () => {
    expect([rows.length, pairs.length, new Set(pairs.map((pair) => pair.service)).size, services.length]).toEqual([18, 68, 52, 52]);
  });

  it('is reached only through aliases with the prefix seed:', () => {
    const aliases = '6.1.2 7.5 9.1 9.2 A.2 A.3 A.4 A.5 A.6 A.7 A.8 A.9 A.10 A.11 A.12 A.13 A.14 A.15'.split(' ').map((id) => `seed:${id}`);
    expect(rows.map((row) => row.alias)).toEqual(aliases);
    expect(() => resolveSeedAlias('A.12', catalog)).toThrow(expect.objectContaining({ code: 'MAPPING_UNKNOWN_SEED_ALIAS' }));
  });

  it('resolves an id that the standard does not have to the ids where its topic lives', () => {
    const logging = resolveSeedAlias('seed:A.12', catalog);
    expect(logging).toMatchObject({ title: 'Logging and Monitoring', fit: 'not-in-standard', primary: ['A.6.2.8'] });
    expect(logging.supporting).toEqual(['A.6.2.6', '7.5.3', '9.1']);
    expect(logging.reason).toMatch(/Event logs are A\.6\.2\.8/);
  });

  it('admits where the standard has no control for a row', () => {
    const without = rows.filter((row) => row.primary.length === 0).map((row) => row.alias);
    expect(without).toEqual(['seed:A.9', 'seed:A.15']);
    for (const alias of without) expect(resolveSeedAlias(alias, catalog).supporting.length).toBeGreaterThan(0);
  });

  it('resolves every row, and every pair names at least one item of the standard', () => {
    const known = new Set<string>(catalogItems(catalog).map((item) => item.id));
    for (const row of rows) expect(resolveSeedAlias(row.alias, catalog).alias).toBe(row.alias);
    expect(pairs.flatMap((pair) => pair.standard).filter((id) => !known.has(id))).toEqual([]);
  });

  it('leaves 13 controls without any service, which the rows alone would hide', () => {
    const named = new Set(pairs.flatMap((pair) => pair.standard));
    const controls = catalogItems(catalog).filter((item) => item.kind === 'control');
    const without = controls.map((item) => item.id).filter((id) => !named.has(id));
    expect(without).toEqual('A.2.2 A.2.3 A.2.4 A.3.3 A.5.2 A.5.5 A.6.1.2 A.6.2.2 A.8.3 A.8.5 A.9.3 A.9.4 A.10.4'.split(' '));
  });

  it('says of each service whether a new account can still have it', () => {
    const closed = services.filter((service) => service.status === 'closed-to-new');
    expect(closed.map((service) => [service.service, service.since])).toEqual([
      ['Amazon SageMaker Model Monitor', '2026-07-30'],
      ['AWS Audit Manager', '2026-04-30'],
      ['Amazon SageMaker Clarify', '2026-07-30'],
      ['Amazon SageMaker Ground Truth', '2026-07-30'],
      ['Amazon A2I (Augmented AI)', '2026-07-30'],
      ['AWS Systems Manager Incident Manager', '2025-11-07'],
    ]);
    expect(pairs.filter((pair) => statusOf(pair.service)?.status === 'closed-to-new')).toHaveLength(12);
    expect(statusOf('AWS Security Hub')).toMatchObject({ status: 'renamed', now: 'AWS Security Hub CSPM' });
    expect(statusOf('Amazon Macie')?.status).toBe('open');
  });
});
