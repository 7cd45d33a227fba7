// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { decodeRecord } from '../../../src/evidence/decode-record.ts';
import type { DynamoDbIndex } from '../../../src/evidence-index/dynamodb-index.ts';
import type { IndexEntry, ProjectedSegment } from '../../../src/evidence-index/evidence-index.ts';
import { openSegmentSync } from '../../../src/vault/open-segment.ts';
import { aims } from '../../support/aims-command.ts';
import { metered, type Units } from '../../support/dynamodb-meter.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { newIndex, newTable } from '../../support/dynamodb-tables.ts';
import { listAll } from '../../support/index-views.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';

const newClient = withMiniStack();
const directory = temporaryDirectories('index-costs');

function segmentsOf(vault: string): readonly (ProjectedSegment & { readonly records: readonly unknown[] })[] {
  const keys = readdirSync(vault, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ndjson.zst'));
  return keys.sort().map((key) => {
    const bytes = readFileSync(join(vault, key));
    return { key, sha256: hash('sha256', bytes), records: openSegmentSync(key, bytes).map(decodeRecord) };
  });
}

/** What is asked, by its name in the table of the document. */
function questions(all: readonly IndexEntry[]): Readonly<Record<string, (index: DynamoDbIndex) => Promise<unknown>>> {
  const ids = all.slice(0, 100).map(({ id }) => id);
  const claiming = all.filter(({ controls }) => controls.length > 0);
  const aiSystem = claiming.find(({ aiSystems }) => aiSystems.length > 0)?.aiSystems[0] ?? '';
  const resource = claiming.find(({ resources }) => resources.length > 0)?.resources[0]?.arn ?? '';
  const findingKey = all.find((entry) => entry.findingKey !== null)?.findingKey ?? '';
  return {
    '`locate` of 100 ids': (index) => index.locate(ids),
    '`entry`': (index) => index.entry(ids[0] ?? ''),
    '`idsWithPrefix`, eight digits': (index) => index.idsWithPrefix((ids[0] ?? '').slice(0, 8), 3),
    '`series`, the newest one': (index) => index.series(findingKey, { before: '9999', limit: 1 }),
    '`hasSegment`': (index) => index.hasSegment('written=2026-01-01/absent'),
    '`list`, 50 of all': (index) => index.list({ limit: 50 }),
    '`list`, 50 of a source': (index) => index.list({ source: 'cloudtrail', limit: 50 }),
    '`list`, 50 of a control': (index) => index.list({ control: 'A.6.2.8', limit: 50 }),
    '`list`, 50 exceptions of any control': (index) => index.list({ polarity: 'exception', limit: 50 }),
    '`list`, 50 of an AI system': (index) => index.list({ aiSystem, limit: 50 }),
    '`list` of a resource': (index) => index.list({ resource, limit: 50 }),
    '`list` of a run': (index) => index.list({ run: all[0]?.run ?? '', limit: 50 }),
    '`counts`': (index) => index.counts(),
    '`countsByDay`': (index) => index.countsByDay({}),
    '`countsByDay` of a control': (index) => index.countsByDay({ control: 'A.6.2.8' }),
    '`totals`': (index) => index.totals(),
    '`accountsWithAi`': (index) => index.accountsWithAi(),
    '`openGaps`': (index) => index.openGaps(),
    '`unfinishedPlans`': (index) => index.unfinishedPlans(),
  };
}

/** Figures in a row of the document's tables, by the row's name. */
function toldFigures(name: string): readonly number[] {
  const row = readFileSync('docs/index-design.md', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`| ${name} |`));
  return (row ?? '').split('|').slice(2, -1).map(Number);
}

const isNear = (told: number, counted: number) => Math.abs(told - counted) <= Math.max(1, told * 0.2);

describe('what docs/index-design.md says of costs', () => {
  it('is what the sample account’s evidence costs', async () => {
    const home = await directory();
    expect(await aims(home, ['collect', '--from', 'sample', '--home', '.'])).toMatchObject({ code: 0 });
    const client = newClient();
    const table = await newTable(client);
    const units = metered(client);
    const index = await newIndex(client, { table });
    const counted = new Map<string, readonly number[]>();
    const measure = async (work: () => Promise<unknown>): Promise<Units> => {
      const before = units();
      await work();
      const after = units();
      return { reads: after.reads - before.reads, writes: after.writes - before.writes, calls: after.calls - before.calls };
    };
    for (const segment of segmentsOf(join(home, 'vault'))) {
      const { reads, writes, calls } = await measure(() => index.apply(segment));
      // Segments of a handful are plans and receipts.
      const name = segment.records.length < 10 ? 'a run’s plan or receipt' : `\`${/source=([a-z-]+)/.exec(segment.key)?.[1]}\``;
      counted.set(
        name,
        [writes, reads, calls].map((sum) => sum / segment.records.length),
      );
    }
    for (const [name, ask] of Object.entries(questions(await listAll(index, {}, 500)))) {
      const { reads, writes, calls } = await measure(() => ask(index));
      expect(writes).toBe(0);
      counted.set(name, [reads, calls]);
    }
    const differing = [...counted].filter(([name, figures]) => {
      const told = toldFigures(name);
      return told.length !== figures.length || figures.some((figure, n) => !isNear(told[n] ?? Number.NaN, figure));
    });
    expect(differing.map(([name, figures]) => `| ${name} | ${figures.map((figure) => figure.toFixed(1)).join(' | ')} |`)).toEqual([]);
  }, 300_000);
});
