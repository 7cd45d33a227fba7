// SPDX-License-Identifier: Apache-2.0

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import { collectApi } from '../../src/collect/collect-api.ts';
import { decodeRecord } from '../../src/evidence/decode-record.ts';
import { type SourceId, sourceIds } from '../../src/evidence/observation.ts';
import type { EvidenceRecord } from '../../src/evidence/record.ts';
import type { EvidenceIndex } from '../../src/evidence-index/evidence-index.ts';
import { collectInto } from '../../src/runtime/collect-laptop.ts';
import { collectMessageSchema } from '../../src/runtime/deployment/collect-message.ts';
import { openHomeForWriting, type WritableHome } from '../../src/runtime/directory-home.ts';
import { laptopTools } from '../../src/runtime/laptop-tools.ts';
import { sampleDeclarations } from '../../src/runtime/sample-declarations.ts';
import { openSample } from '../../src/runtime/sample-targets.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleServices } from '../../src/sample/services.ts';
import { sampleWorld } from '../../src/sample/world.ts';
import { openSegment } from '../../src/vault/open-segment.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { FunctionHome } from '../support/function-home.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('collect-functions');
const world = sampleWorld();
// As on the laptop: what tells AI accounts first.
const order: readonly SourceId[] = ['sagemaker-model-monitor', 'sagemaker-clarify', 'macie', 'securityhub', 'cloudtrail'];
let server: SampleServer;
let laptop: WritableHome;
let laptopRecords: ReadonlyMap<string, EvidenceRecord>;

beforeAll(async () => {
  server = await startSampleServer(world, sampleServices);
  laptop = await openHomeForWriting(await directory(), 'sample');
  const tools = laptopTools(sampleDeclarations);
  const sample = await openSample([...tools.sources.values()], 1, ({ since, until }) => ({ since, until }));
  const setting = { home: laptop, tools, declarations: sampleDeclarations, sweptAt: world.until, progress: () => undefined };
  await collectInto(setting, (collection) => collectApi(collection, sample.targets));
  await sample.close();
  laptopRecords = await observationsIn(laptop.vault);
}, 60_000);

afterAll(async () => {
  await laptop.close();
  await server.close();
});

async function observationsIn(vault: Vault): Promise<ReadonlyMap<string, EvidenceRecord>> {
  const records = new Map<string, EvidenceRecord>();
  for await (const { key } of vault.list('')) {
    for (const record of (await openSegment(key, await vault.get(key))).map(decodeRecord)) {
      if (!['plan', 'receipt', 'gap'].includes(record.core.kind)) records.set(record.core.id, record);
    }
  }
  return records;
}

/** Without the newest time: of what AWS gives no time, it is that of the collection. */
async function countsOf(index: EvidenceIndex) {
  return (await index.counts()).map(({ newest, ...count }) => count);
}

/** What a record says, whoever collected it and when. */
function essence({ core, subjects, raw }: EvidenceRecord) {
  const { id, kind, source, sourceIdentity, versionKey, account, region, occurredAt, severity, controls } = core;
  return { id, kind, source, sourceIdentity, versionKey, account, region, occurredAt, severity, controls, subjects, raw };
}

function sampleHome(markMs: number): FunctionHome {
  return new FunctionHome({
    kind: 'sample',
    secret: laptop.secret,
    declarations: sampleDeclarations,
    configuration: { sources: [...order], accounts: world.accounts.map(({ id }) => id), regions: [...world.regions] },
    reserve: { markMs, stopMs: 1_000 },
    connect: async ({ account, region }) => ({
      readAs: `arn:aws:sts::${account}:assumed-role/aims-evidence-collector/sample`,
      connection: {
        region,
        channel: 'sample',
        clientConfig: {
          region,
          endpoint: server.endpoint,
          credentials: server.credentials(account),
          forcePathStyle: true,
          retryStrategy: new ConfiguredRetryStrategy(6, 5),
        },
      },
    }),
  });
}

function partOf({ body }: { readonly body: string }): number {
  return collectMessageSchema.parse(JSON.parse(body)).part;
}

async function drain(functions: FunctionHome, source: SourceId): Promise<number> {
  let invocations = 0;
  while (functions.queue.waiting.some((message) => message.source === source)) {
    // The parts of one reading follow each other before the index knows of any; the next reading comes when it does.
    if (partOf(functions.queue.next(source)) === 1) await functions.project();
    expect(await functions.collect(source)).toEqual({ batchItemFailures: [] });
    if (++invocations > 2_000) throw new Error(`${source} never ends`);
  }
  return invocations;
}

/** Every segment is a leaf, and the night's seal hands the checkpoint out. */
async function sealsAll(functions: FunctionHome): Promise<void> {
  const segments = await Array.fromAsync(functions.vault.list(''));
  expect(await functions.seal('open-days')).toMatchObject({ added: segments.length, published: false });
  expect(await functions.seal('everything')).toEqual({ added: 0, size: segments.length, damaged: 0, disturbed: 0, published: true });
  const [notice] = functions.published;
  expect(notice?.text).toContain(`verifier key: ${functions.signer.verifierKey}\n`);
}

describe('the functions, over the sample account', () => {
  it('know the same sources in the laptop’s order', () => {
    expect([...order].sort()).toEqual([...sourceIds].sort());
  });

  it.each([
    ['with time enough', 1_000],
    ['handed on at every mark', 700_000],
  ])(
    'give the laptop’s records and counts, %s',
    async (_name, markMs) => {
      const functions = sampleHome(markMs);
      let invocations = 0;
      for (const source of order) {
        await functions.plan(source, '2026-11-21T02:00:00Z');
        invocations += await drain(functions, source);
        expect(await functions.project()).toEqual({ batchItemFailures: [] });
      }
      const records = await observationsIn(functions.vault);
      expect(records.size).toBeGreaterThan(1_000);
      expect([...records.keys()].sort()).toEqual([...laptopRecords.keys()].sort());
      for (const [id, record] of records) expect(essence(record)).toEqual(essence(laptopRecords.get(id) ?? record));
      expect(await countsOf(functions.index)).toEqual(await countsOf(laptop.index));
      const days = { until: world.until.slice(0, 10) };
      expect(await functions.index.countsByDay(days)).toEqual(await laptop.index.countsByDay(days));
      expect(await functions.index.unfinishedPlans()).toEqual([]);
      expect(functions.telemetry.problems).toEqual([]);
      expect(functions.telemetry.sum('runsContinued') > 20).toBe(markMs > 600_000);
      expect(invocations).toBeGreaterThanOrEqual(order.length);
      await sealsAll(functions);
    },
    120_000,
  );
});
