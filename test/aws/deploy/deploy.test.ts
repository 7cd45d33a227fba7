// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { verifyShape } from '../../../src/cli/output-shapes/ledger-shapes.ts';
import type { EvidenceIndex } from '../../../src/evidence-index/evidence-index.ts';
import { type DirectoryHome, openHomeForReading } from '../../../src/runtime/directory-home.ts';
import { aims, aimsJson } from '../../support/aims-command.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';
import { deploySample, type SampleDeployment } from './deployment.ts';
import { entriesOf, gapsOf, notProjected, observationsOf } from './evidence-of.ts';

const minutes = 60_000;
const newDirectory = temporaryDirectories('deploy');
let directory: string;
let deployed: SampleDeployment;
let index: EvidenceIndex;
let laptop: DirectoryHome;
const before: Record<string, string | undefined> = {};

/** Waits until something holds; a failure says what did not. */
async function until(what: string, holds: () => Promise<boolean>, limitMs = 4 * minutes): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`after ${limitMs / 1000} s still not: ${what}`);
    await setTimeout(500);
  }
}

async function receipts(source: string): Promise<number> {
  return (await index.list({ source, kind: 'receipt', limit: 100 })).records.length;
}

/** Plans a source (what waits for it is planned too) and waits until its four runs, of two accounts in two Regions, have ended and are indexed. */
async function collect(source: string): Promise<void> {
  await deployed.invoke('Planner', { source, scheduledAt: new Date().toISOString() });
  await until(`${source} has its receipts`, async () => (await receipts(source)) >= 4);
  await isIndexed();
}

async function isIndexed(): Promise<void> {
  await until('all is indexed', async () => (await notProjected(deployed.home.vault, index)).length === 0);
}

beforeAll(async () => {
  directory = await newDirectory();
  deployed = await deploySample();
  index = await deployed.home.index();
  for (const [name, value] of Object.entries(deployed.environment)) {
    before[name] = process.env[name];
    process.env[name] = value;
  }
  // The same home secret, so that blinded ids agree too.
  const secret = await deployed.home.secret();
  await writeFile(join(directory, 'home.secret'), `${secret.export().toString('hex')}\n`, { mode: 0o600 });
  expect(await aims(directory, ['collect', '--from', 'sample', '--home', directory])).toMatchObject({ code: 0 });
  laptop = await openHomeForReading(directory);
}, 6 * minutes);

afterAll(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await laptop?.close();
  await deployed?.stop();
});

describe('the stack, deployed', () => {
  it(
    'collects every source, on its schedule or when planned by hand',
    async () => {
      // SageMaker first, as the laptop reads: what an account holds decides what its account-wide events claim.
      for (const source of ['sagemaker-model-monitor', 'sagemaker-clarify', 'macie', 'securityhub']) await collect(source);
      await collect('cloudtrail');
      const before = await receipts('macie');
      // A second deployment changes one schedule; then nobody calls anything.
      await deployed.update({ schedules: { macie: 'rate(1 minute)' } });
      await until('the schedule of macie fired and its runs ended', async () => (await receipts('macie')) >= before + 4);
      await deployed.update({});
      await isIndexed();
    },
    10 * minutes,
  );

  it('holds the same evidence as a laptop, record for record', async () => {
    const [there, here] = [await observationsOf(deployed.home.vault), await observationsOf(laptop.vault)];
    expect(here.size).toBeGreaterThan(500);
    expect([...there.keys()].sort()).toEqual([...here.keys()].sort());
    for (const [id, record] of here) expect({ id, ...there.get(id) }).toEqual({ id, ...record });
  });

  it('answers from its index as a laptop does', async () => {
    const [there, here] = [await entriesOf(index), await entriesOf(laptop.index)];
    expect(here.size).toBeGreaterThan(500);
    expect(there).toEqual(here);
    const withoutNewest = async (one: EvidenceIndex) => (await one.counts()).map(({ newest: _newest, ...count }) => count);
    expect(await withoutNewest(index)).toEqual(await withoutNewest(laptop.index));
    expect(await index.accountsWithAi()).toEqual(await laptop.index.accountsWithAi());
    expect(await gapsOf(index)).toEqual(await gapsOf(laptop.index));
  });

  it('is sealed with a key of KMS, and verifies from the bucket', async () => {
    const before = await aims(directory, ['verify', '--home', 'aws', '--records']);
    expect(before.code).toBe(1);
    await deployed.invoke('Sealer', { extent: 'everything', scheduledAt: new Date().toISOString() });
    const verified = await aimsJson(verifyShape, directory, ['verify', '--home', 'aws', '--records']);
    expect(verified).toMatchObject({ ok: true, problems: [] });
    expect(verified.checked['segments']).toBeGreaterThan(0);
  });

  it('audits itself without a finding', async () => {
    await deployed.invoke('SelfAudit', { task: 'audit', scheduledAt: new Date().toISOString() });
    await until('the audit is indexed', async () => (await notProjected(deployed.home.vault, index)).length === 0);
    expect(await gapsOf(index)).toEqual(await gapsOf(laptop.index));
  });
});
