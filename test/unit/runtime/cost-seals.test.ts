// SPDX-License-Identifier: Apache-2.0
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { S3LedgerStore } from '../../../src/ledger/s3-ledger-store.ts';
import { seal } from '../../../src/ledger/seal.ts';
import { assume } from '../../../src/runtime/deployment/cost-assumptions.ts';
import { sealCalls } from '../../../src/runtime/deployment/cost-seals.ts';
import { monthDays, noWork } from '../../../src/runtime/deployment/cost-workload.ts';
import { S3Vault } from '../../../src/vault/s3-vault.ts';
import { MemoryLedgerStore } from '../../support/memory-ledger-store.ts';
import { S3WireServer } from '../../support/s3-wire-server.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { testSigner } from '../../support/test-signer.ts';

const day = '2026-11-21';
const held = 700;
const server = new S3WireServer();
const head = new MemoryLedgerStore();
const signer = testSigner('log.example/costs');
let client: S3Client;

beforeAll(async () => {
  client = await server.start();
  await write(held - 5, 'first');
  await sealing(['']);
}, 60_000);

afterAll(async () => await server.stop());

async function write(segments: number, name: string): Promise<void> {
  for (let i = 0; i < segments; i++) {
    const { key, bytes } = await segmentOf(`${name} ${i}`, 1, day);
    server.bucket.put(`vault/${key}`, Buffer.from(bytes));
  }
}

/** Seals as a process does that remembers nothing; gives its calls. */
async function sealing(prefixes: readonly string[]) {
  const place = { client, bucket: 'evidence', retention: { mode: 'GOVERNANCE', days: 30 }, encryptionKeyArn: null } as const;
  server.requests.length = 0;
  const store = new S3LedgerStore({ ...place, prefix: 'ledger/', head });
  const { added } = await seal({ vault: new S3Vault({ ...place, prefix: 'vault/' }), store, signer }, { prefixes });
  const of = (operation: string) => server.requests.filter((request) => request.operation === operation);
  const isTile = ({ key }: { readonly key: string }) => key.includes('ledger/');
  return {
    added,
    objects: of('PUT').length,
    lists: of('LIST').length,
    segmentReads: of('GET').filter((one) => !isTile(one)).length,
    tileReads: of('GET').filter(isTile).length,
  };
}

describe('what the estimate counts of sealing', () => {
  // All of the month in two days, so that "open days" of the estimate are this one.
  const work = { ...noWork, segments: (held * monthDays) / 2, seals: 1 };
  const assumptions = assume([`monthsHeld=${2 / monthDays}`]);

  it('is no less than a seal over the open days asks of S3, and not far from it', async () => {
    await write(5, 'more');
    const counted = await sealing(['2026-11-21', '2026-11-22', '2026-11-20'].map((open) => `written=${open}/`));
    const { listsPerSeal, objects } = sealCalls(work, 0, assumptions);
    expect(counted).toMatchObject({ added: 5, segmentReads: 5 });
    expect(counted.objects).toBeLessThanOrEqual(objects);
    expect(counted.lists).toBeLessThanOrEqual(listsPerSeal);
    expect(listsPerSeal - counted.lists).toBeLessThan(30);
  });

  it('is no less than a seal over everything asks of S3', async () => {
    const counted = await sealing(['']);
    const { listsPerNight, tileReads } = sealCalls({ ...work, seals: 0 }, 1 / 96, assumptions);
    expect(counted).toMatchObject({ added: 0, segmentReads: 0, objects: 0 });
    expect(counted.lists).toBeGreaterThan(0);
    expect(counted.lists).toBeLessThanOrEqual(listsPerNight);
    expect(counted.tileReads).toBeLessThanOrEqual(tileReads);
  });
});
