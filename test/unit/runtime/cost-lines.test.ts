// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { configurationSchema } from '../../../src/runtime/deployment/configuration-schema.ts';
import { assume, defaultAssumptions } from '../../../src/runtime/deployment/cost-assumptions.ts';
import { costLines, totalOf } from '../../../src/runtime/deployment/cost-lines.ts';
import { recordCosts } from '../../../src/runtime/deployment/cost-records.ts';
import { noStack, stackParts } from '../../../src/runtime/deployment/cost-stack.ts';
import { noWork, type PlannedSource, readingsOf, workloadOf } from '../../../src/runtime/deployment/cost-workload.ts';
import { prices } from '../../../src/runtime/deployment/prices.ts';

const macie: PlannedSource = {
  id: 'macie',
  title: 'Amazon Macie',
  actions: [],
  schedule: 'rate(1 hour)',
  window: { overlapHours: 1, retentionDays: 90, fullSweepDays: 7 },
  eventPatterns: [{ source: ['aws.macie'] }],
};
const assumptions = assume([]);
const once = { sources: [macie], scopes: 1, eventScopes: 0, readsLogFiles: false };
const stack = stackParts(configurationSchema.parse({}), [macie]);
const work = (scopes: number) => workloadOf({ ...once, scopes }, assumptions);

describe('the estimate', () => {
  it('is a list of quantity × price, and their sum', () => {
    const lines = costLines({ work: work(3), stack, assumptions });
    expect(lines.length).toBeGreaterThan(15);
    for (const { price, quantity, dollars, because } of lines) {
      expect(dollars).toBeCloseTo((quantity * prices[price].dollars) / prices[price].per, 12);
      expect(because).not.toBe('');
    }
    expect(totalOf(lines)).toBeCloseTo(
      lines.reduce((sum, { dollars }) => sum + dollars, 0),
      12,
    );
  });

  it('costs nothing where nothing is deployed and nothing happens', () => {
    expect(costLines({ work: noWork, stack: noStack, assumptions })).toEqual([]);
    expect(costLines({ work: noWork, stack, assumptions }).length).toBeGreaterThan(0);
  });

  it('grows with the accounts, but not by what a home has once', () => {
    const total = (scopes: number) => totalOf(costLines({ work: work(scopes), stack, assumptions }));
    expect(total(200)).toBeGreaterThan(1.2 * total(1));
    expect(total(200)).toBeLessThan(200 * total(1));
  });

  it('names for every price a page of AWS, and the month of the report it was taken from or none', () => {
    const all = Object.values(prices);
    expect(all.length).toBeGreaterThan(15);
    expect(all.some(({ reported }) => reported !== null)).toBe(true);
    for (const { page, dollars, per, reported } of all) {
      expect(reported ?? 'not checked').toMatch(/^(20\d\d-\d\d|not checked)$/);
      expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/[a-z0-9]+\/pricing\/$/);
      expect(dollars / per).toBeGreaterThan(0);
    }
  });
});

describe('a month of work', () => {
  it('reads an item once per window that overlaps it, and once per full sweep while AWS keeps it', () => {
    expect(readingsOf(macie)).toBeCloseTo(2 + 90 / 7, 12);
    expect(readingsOf({ ...macie, schedule: 'rate(30 minutes)' })).toBeCloseTo(3 + 90 / 7, 12);
  });

  it('counts runs, plans, records and seals', () => {
    const { macieRecords } = defaultAssumptions;
    expect(work(2)).toMatchObject({ plans: 720, runs: 1_440, ownRecords: 2_880, newRecords: 2 * 30 * macieRecords.value, events: 0 });
    expect(work(2).segments).toBe(720 + 1_440 / 2);
    expect(work(100).segments).toBe(720 + 72_000 / defaultAssumptions.runsPerBatch.value);
    expect(work(1_000).seals).toBe(97 * 30);
  });

  it('takes the events of the home alone, or of all that forward', () => {
    const perScope = 30 * defaultAssumptions.macieRecords.value;
    const withEvents = (eventScopes: number) => workloadOf({ ...once, scopes: 50, eventScopes }, assumptions);
    expect(withEvents(1)).toMatchObject({ events: perScope, forwarded: 0 });
    expect(withEvents(50)).toMatchObject({ events: 50 * perScope, forwarded: 49 * perScope });
    expect(withEvents(1).eventBatches).toBeLessThanOrEqual(perScope);
    expect(withEvents(50_000).eventBatches).toBe((50_000 * perScope) / 200);
    expect(workloadOf({ ...once, sources: [{ ...macie, eventPatterns: [] }], eventScopes: 1 }, assumptions).events).toBe(0);
  });

  it('reads pages of LookupEvents or log files, never both', () => {
    const trail: PlannedSource = { ...macie, id: 'cloudtrail', window: { overlapHours: 1, retentionDays: 90, fullSweepDays: 25 } };
    const [api, files] = [false, true].map((readsLogFiles) => workloadOf({ ...once, sources: [trail], readsLogFiles }, assumptions));
    const readings = readingsOf(trail);
    expect(api).toMatchObject({ lookupPages: Math.round((60_000 * readings) / 50), logFiles: 0 });
    expect(files).toMatchObject({ lookupPages: 0, logFiles: Math.round(30 * defaultAssumptions.logFiles.value * readings) });
  });
});

describe('an assumption', () => {
  it('is replaced by what a person says', () => {
    expect(assume(['macieRecords=70']).macieRecords).toMatchObject({ value: 70, why: 'set by --assume' });
    expect(assume(['macieRecords=70']).clarifyRecords).toEqual(defaultAssumptions.clarifyRecords);
    expect(assume([])).toEqual(defaultAssumptions);
  });

  it.each(['macieRecords', 'macieRecords=many', 'macieRecords=-1', 'toString=1', 'unheardOf=1'])('refuses %s', (text) => {
    expect(() => assume([text])).toThrow(
      expect.objectContaining({ code: 'USAGE_OPTION', message: expect.stringContaining('macieRecords') }),
    );
  });
});

describe('what records cost by their number', () => {
  it('is a thousand times as much for a million as for a thousand, and less the fuller the runs are', () => {
    const rows = recordCosts(assumptions);
    expect(rows.length).toBeGreaterThan(1);
    for (const { thousand, million } of rows) {
      expect(thousand).toBeGreaterThan(0);
      expect(million).toBeCloseTo(1_000 * thousand, 6);
    }
    const trail = rows.filter(({ what }) => what.startsWith('CloudTrail')).map(({ million }) => million);
    expect(trail.length).toBeGreaterThan(1);
    expect(trail).toEqual(trail.toSorted((a, b) => a - b));
  });
});
