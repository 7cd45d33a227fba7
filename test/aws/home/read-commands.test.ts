// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeleteObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { collectShape } from '../../../src/cli/output-shapes/collection-shapes.ts';
import { controlsShape } from '../../../src/cli/output-shapes/controls-shape.ts';
import { checkpointShape, rebuildShape, verifyShape } from '../../../src/cli/output-shapes/ledger-shapes.ts';
import { evidenceShape, gapsShape, receiptShape, runsShape } from '../../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../../src/cli/output-shapes/show-shape.ts';
import { statusShape } from '../../../src/cli/output-shapes/status-shape.ts';
import { seal } from '../../../src/ledger/seal.ts';
import { AwsHome } from '../../../src/runtime/aws/aws-home.ts';
import { readStackOutputs } from '../../../src/runtime/aws/stack-outputs.ts';
import { openHomeForReading } from '../../../src/runtime/directory-home.ts';
import { aims, aimsJson } from '../../support/aims-command.ts';
import { oneOfEach, writeFiles } from '../../support/evidence-folder.ts';
import { segmentOf } from '../../support/sealed-lines.ts';
import { temporaryDirectories } from '../../support/temporary-directory.ts';
import { type RunningServer, startServer } from '../servers/start-server.ts';
import { configOf, deployParts, makeStack, type Outputs } from './deployed-sample.ts';

const directory = temporaryDirectories('deployed');
const names = ['AWS_ENDPOINT_URL', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_REGION'] as const;
const before = names.map((name) => process.env[name]);
let server: RunningServer;
let at: string;
let outputs: Outputs;

beforeAll(async () => {
  server = await startServer('ministack');
  const { accessKeyId, secretAccessKey } = server.credentials;
  const values = [server.endpoint, accessKeyId, secretAccessKey, 'eu-west-1'];
  for (const [i, name] of names.entries()) process.env[name] = values[i];
  at = await directory();
  await writeFiles(join(at, 'in'), { ...oneOfEach, 'trail/cut.json': '{"Records":[{"eventVersion":' });
  await aimsJson(collectShape, at, ['collect', '--from', 'in']);
  outputs = await deployParts(server, 'AimsEvidence');
  await withAwsHome(async (home) => {
    const laptop = await openHomeForReading(join(at, '.aims'));
    for await (const { key } of laptop.vault.list('')) await home.vault.put(key, await laptop.vault.get(key));
    await laptop.close();
    await sealHome(home);
  });
}, 600_000);

afterAll(async () => {
  for (const [i, name] of names.entries()) {
    if (before[i] === undefined) delete process.env[name];
    else process.env[name] = before[i];
  }
  await server?.stop();
});

async function withAwsHome(work: (home: AwsHome) => Promise<void>, stack = 'AimsEvidence'): Promise<void> {
  const config = configOf(server);
  const home = new AwsHome((await readStackOutputs(stack, config)).names, config);
  await work(home);
  home.close();
}

async function sealHome(home: AwsHome): Promise<void> {
  const previous = await home.previousSigner();
  const signers = { signer: await home.signer(), ...(previous === null ? {} : { previousSigner: previous }) };
  await seal({ vault: home.vault, store: home.ledger, ...signers });
}

const aws = ['--home', 'aws'];

describe('a home in AWS', () => {
  it('says that its index holds nothing while its vault does, as long as nobody made one', async () => {
    const listed = await aims(at, ['evidence', ...aws]);
    expect(listed).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^note: the index holds nothing.*aims index rebuild --home aws:AimsEvidence`\n$/),
    });
    const { attention } = await aimsJson(statusShape, at, ['status', ...aws]);
    expect(attention[0]).toContain('the index holds nothing');
    await aimsJson(rebuildShape, at, ['index', 'rebuild', ...aws]);
    expect(await aims(at, ['evidence', ...aws])).toMatchObject({ code: 0, stderr: '' });
  });

  it('has its index made from the vault, and made again', async () => {
    const first = await aimsJson(rebuildShape, at, ['index', 'rebuild', ...aws]);
    expect(first).toMatchObject({ home: 'aws:AimsEvidence', damaged: [] });
    expect(first.segments).toBeGreaterThan(4);
    expect(first.records).toBeGreaterThan(10);
    const { segments, records } = first;
    expect(await aimsJson(rebuildShape, at, ['index', 'rebuild', ...aws])).toMatchObject({ segments, records });
  });

  it('answers every read command as the laptop does', async () => {
    const commands = [
      [evidenceShape, ['evidence', '--limit', '1000']],
      [evidenceShape, ['evidence', '--source', 'macie']],
      [evidenceShape, ['evidence', '--control', 'A.6.2.6']],
      [controlsShape, ['controls']],
      [runsShape, ['runs']],
      [gapsShape, ['gaps', '--all']],
    ] as const;
    for (const [shape, command] of commands) {
      const there = await aimsJson(shape, at, [...command, ...aws]);
      expect({ command, answer: there }).toEqual({ command, answer: await aimsJson(shape, at, command) });
    }
    const { records } = await aimsJson(evidenceShape, at, ['evidence', '--limit', '1000', ...aws]);
    expect(records.length).toBeGreaterThan(10);
    const { runs } = await aimsJson(runsShape, at, ['runs', ...aws]);
    const receipt = ['receipt', runs[0]?.run ?? 'none'];
    expect(await aimsJson(receiptShape, at, [...receipt, ...aws])).toEqual(await aimsJson(receiptShape, at, receipt));
  });

  it('shows a record with a proof that holds under the key of KMS', async () => {
    const { records } = await aimsJson(evidenceShape, at, ['evidence', '--source', 'macie', ...aws]);
    const id = records[0]?.id ?? 'none';
    const there = await aimsJson(showShape, at, ['show', id, ...aws]);
    const here = await aimsJson(showShape, at, ['show', id]);
    expect(there).toMatchObject({ proofHolds: true, record: here.record, mapping: here.mapping, segment: here.segment, line: here.line });
    expect(there['verifierKey']).not.toBe(here['verifierKey']);
  });

  it('hands out checkpoint and key, and verifies against both, by bytes and by records', async () => {
    const { checkpoint, verifierKey } = await aimsJson(checkpointShape, at, ['checkpoint', ...aws]);
    writeFileSync(join(at, 'kept.txt'), checkpoint);
    const own = await aimsJson(verifyShape, at, ['verify', ...aws]);
    expect(own).toMatchObject({ ok: true, home: 'aws:AimsEvidence', verifierKeys: [verifierKey], problems: [] });
    const pinned = await aimsJson(verifyShape, at, ['verify', '--records', '--checkpoint', 'kept.txt', '--key', verifierKey, ...aws]);
    expect(pinned).toMatchObject({ ok: true, limits: [], checked: { recordLeaves: true, pinnedCheckpoint: true } });
    const laptop = await aimsJson(checkpointShape, at, ['checkpoint']);
    const wrong = await aimsJson(verifyShape, at, ['verify', '--key', laptop.verifierKey, ...aws], { code: 1 });
    expect(wrong.problems.length).toBeGreaterThan(0);
  });

  it('says how collection and sealing go on, queues included', async () => {
    const found = await aimsJson(statusShape, at, ['status', ...aws]);
    expect(found).toMatchObject({
      home: 'aws:AimsEvidence',
      queues: [
        { source: 'macie', of: 'runs', waiting: 2, inFlight: 0, deadLetters: 1, problem: null },
        { source: 'macie', of: 'events', waiting: 0, inFlight: 0, deadLetters: 0, problem: null },
      ],
      ledger: { unsignedLeaves: 0, unsealed: { segments: 0 } },
    });
    expect(found.ledger.checkpoint?.ageSeconds).toBeLessThan(3_600);
    expect(found.attention).toContain('the queue of macie for runs has 1 dead letter(s): what they asked for was not collected');
    const laptop = await aimsJson(statusShape, at, ['status']);
    expect(found.gaps).toEqual(laptop.gaps);
    const runs = ({ sources }: typeof found) => sources.flatMap(({ source, lastRun }) => (lastRun === null ? [] : [{ source, lastRun }]));
    expect(runs(found)).toEqual(runs(laptop));
  });

  it('is read from the first version though a delete marker hides it, and verify names the marker, before what was only covered', async () => {
    const { records } = await aimsJson(evidenceShape, at, ['evidence', '--source', 'securityhub', ...aws]);
    const segment = String(records[0]?.['segment']);
    const client = new S3Client(configOf(server));
    await client.send(new DeleteObjectCommand({ Bucket: outputs['VaultBucket'], Key: `vault/${segment}` }));
    const { Contents: [tile] = [] } = await client.send(
      new ListObjectsV2Command({ Bucket: outputs['VaultBucket'], Prefix: 'ledger/tile/0/' }),
    );
    await client.send(new PutObjectCommand({ Bucket: outputs['VaultBucket'], Key: tile?.Key, Body: 'other bytes' }));
    client.destroy();
    expect(await aimsJson(showShape, at, ['show', records[0]?.id ?? 'none', ...aws])).toMatchObject({ proofHolds: true });
    const found = await aimsJson(verifyShape, at, ['verify', '--records', ...aws], { code: 1 });
    expect(found.problems).toMatchObject([
      { kind: 'disturbed', what: 'hidden', item: segment, reason: expect.stringContaining('delete marker') },
      { kind: 'disturbed', what: 'covered', item: tile?.Key },
    ]);
  });

  it('whose signing key was replaced verifies with both keys, and not with one of them alone', async () => {
    const replaced = { ...outputs, PreviousSigningKeyArn: outputs['SigningKeyArn'] ?? '', SigningKeyArn: await newKey() };
    await makeStack(server, 'Replaced', replaced);
    const [old, next] = [await keyOf('AimsEvidence'), await keyOf('Replaced')];
    const own = await aimsJson(verifyShape, at, ['verify', '--home', 'aws:Replaced'], { code: 1 });
    expect(own.verifierKeys).toEqual([next, old]);
    // Only what was done before is wrong: every signature is one of the two keys.
    expect(own.problems.map(({ kind }) => kind)).not.toContain('signature');
    const alone = await aimsJson(verifyShape, at, ['verify', '--home', 'aws:Replaced', '--key', next], { code: 1 });
    expect(alone.problems.map(({ kind }) => kind)).toContain('signature');
    const both = await aimsJson(verifyShape, at, ['verify', '--home', 'aws:Replaced', '--key', next, '--key', old], { code: 1 });
    expect(both.problems).toEqual(own.problems);
  });

  it('counts what is gone after its retention as expired, and names what is gone before it is over', async () => {
    const own = await deployParts(server, 'Expiring');
    const client = new S3Client(configOf(server));
    const [old, recent] = [await segmentOf('old', 1, '2026-01-01'), await segmentOf('recent', 1, new Date().toISOString().slice(0, 10))];
    await withAwsHome(async (home) => {
      for (const { key, bytes } of [old, recent]) await home.vault.put(key, bytes);
      await sealHome(home);
    }, 'Expiring');
    const remove = async (key: string) => {
      const Prefix = `vault/${key}`;
      const { Versions: versions } = await client.send(new ListObjectVersionsCommand({ Bucket: own['VaultBucket'], Prefix }));
      const VersionId = versions?.[0]?.VersionId;
      await client.send(new DeleteObjectCommand({ Bucket: own['VaultBucket'], Key: Prefix, VersionId, BypassGovernanceRetention: true }));
    };
    const from = ['verify', '--home', 'aws:Expiring'];
    expect(await aimsJson(verifyShape, at, from)).toMatchObject({ ok: true, checked: { segments: 2, expired: 0 } });
    await remove(old.key);
    const expired = await aimsJson(verifyShape, at, from);
    expect(expired).toMatchObject({ ok: true, checked: { segments: 1, expired: 1 } });
    expect(expired.limits.join()).toContain('1 segment(s) older than the 30 days of retention');
    await remove(recent.key);
    expect(await aimsJson(verifyShape, at, from, { code: 1 })).toMatchObject({ problems: [{ kind: 'missing', item: recent.key }] });
    client.destroy();
  });

  it('that lost its table, or names none, is refused in one sentence', async () => {
    await makeStack(server, 'Tableless', { ...outputs, IndexTable: 'nowhere' });
    const lost = await aims(at, ['evidence', '--home', 'aws:Tableless']);
    expect(lost).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('nowhere') });
    expect(lost.stderr).not.toContain('    at ');
  });
});

async function keyOf(stack: string): Promise<string> {
  const config = configOf(server);
  const home = new AwsHome((await readStackOutputs(stack, config)).names, config);
  const { verifierKey } = await home.signer();
  home.close();
  return verifierKey;
}

async function newKey(): Promise<string> {
  const { CreateKeyCommand, KMSClient } = await import('@aws-sdk/client-kms');
  const client = new KMSClient(configOf(server));
  const { KeyMetadata: made } = await client.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' }));
  client.destroy();
  return made?.Arn ?? '';
}
