// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { decodeRecord } from '../../../src/evidence/decode-record.ts';
import { DynamoDbIndex } from '../../../src/evidence-index/dynamodb-index.ts';
import { isAiResourceType } from '../../../src/mapping/ai-resource-type.ts';
import { indexUnitsPerRecord, type RecordUnits } from '../../../src/runtime/deployment/cost-index.ts';
import { openSegmentSync } from '../../../src/vault/open-segment.ts';
import { aims } from '../../support/aims-command.ts';
import { CountingTable } from '../../support/counting-table.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';

const directory = temporaryDirectories('cost-index');

interface Counted extends RecordUnits {
  readonly of: string;
  readonly records: number;
}

/** Takes every segment of a home into an index that counts its units. Plans stand in segments of their own. */
async function countedSegments(home: string): Promise<readonly Counted[]> {
  const table = new CountingTable();
  // The counting table answers as the client does, for the calls that the index makes.
  const client = table as unknown as DynamoDBClient;
  const index = await DynamoDbIndex.open({ client, table: 'counted', isAiResource: isAiResourceType });
  const counted: Counted[] = [];
  const keys = readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ndjson.zst'));
  for (const key of keys.sort()) {
    const bytes = readFileSync(join(home, key));
    const records = openSegmentSync(key, bytes).map(decodeRecord);
    const before = table.units();
    await index.apply({ key, sha256: hash('sha256', bytes), records });
    const after = table.units();
    const per = (what: keyof RecordUnits) => (after[what] - before[what]) / records.length;
    const isOwn = records.every(({ core }) => core.kind === 'plan');
    const of = isOwn ? 'own' : (/source=([a-z-]+)/.exec(key)?.[1] ?? '');
    counted.push({ of, records: records.length, writes: per('writes'), reads: per('reads'), bytes: per('bytes') });
  }
  return counted;
}

function meanOf(counted: readonly Counted[], what: keyof RecordUnits): number {
  const records = counted.reduce((sum, one) => sum + one.records, 0);
  return counted.reduce((sum, one) => sum + one.records * one[what], 0) / records;
}

describe('what a record costs in the index', () => {
  it('is what the index asks of its table for the records of the sample account', async () => {
    const home = await directory();
    expect(await aims(home, ['collect', '--from', 'sample', '--home', '.'])).toMatchObject({ code: 0 });
    const counted = await countedSegments(join(home, 'vault'));
    const far = Object.entries(indexUnitsPerRecord).flatMap(([of, declared]) => {
      const own = counted.filter((one) => one.of === of);
      return (
        (['writes', 'reads', 'bytes'] as const)
          .map((what) => ({ of, what, declared: declared[what], counted: meanOf(own, what) }))
          // A tenth: figures of an estimate, and facts of the sample account that go with the day. A fifth for the few plans: where their items
          // lie hangs on random ids.
          .filter((one) => !(Math.abs(one.counted / one.declared - 1) < (of === 'own' ? 0.2 : 0.1)))
      );
    });
    expect(far).toEqual([]);
  }, 120_000);
});
