// SPDX-License-Identifier: Apache-2.0
// Rate and memory of the SQLite index, wall and CPU time (the CPU time stays meaningful on a busy machine): `node bench/index.ts [records] [directory]`, 1,000,000 CloudTrail-like records unless told.
import { hash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EvidenceRecord, recordSchemaId } from '../src/evidence/record.ts';
import { SqliteIndex } from '../src/evidence-index/sqlite-index.ts';

const perSegment = 5_000;
const total = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'aims-bench-index-'));
const claims: EvidenceRecord['core']['controls'][] = [];
for (let n = 0; n < 40; n++) {
  const control = (m: number) => ({ control: `A.6.2.${(n + m) % 9}`, rule: `cloudtrail.rule-${n}-${m}` }) as const;
  claims.push(
    [
      { ...control(0), strength: 'partial', polarity: 'supports' } as const,
      { ...control(1), strength: 'context', polarity: 'context' } as const,
    ].slice(0, 1 + (n % 2)),
  );
}

/** Three in four records are calls that no rule matches; one in four claims something about one of 2,000 resources. */
function record(n: number): EvidenceRecord {
  const isMapped = n % 4 === 0;
  return {
    schema: recordSchemaId,
    core: {
      id: hash('sha256', `record ${n}`),
      kind: 'activity',
      source: 'cloudtrail',
      sourceIdentity: `event-${n}`,
      versionKey: [],
      channel: { kind: 'file', sha256: '00', path: 'log.json.gz' },
      partition: 'aws',
      account: n % 3 === 0 ? '111122223333' : '444455556666',
      region: n % 5 === 0 ? 'eu-west-1' : 'us-east-1',
      occurredAt: new Date(1_790_000_000_000 + n * 400).toISOString(),
      observedAt: null,
      collectedAt: '2026-11-11T00:00:00.000Z',
      severity: null,
      controls: isMapped ? (claims[n % claims.length] ?? []) : [],
      pack: { id: 'p', digest: 'd' },
      run: 'run-1',
      collector: 'bench',
      readAs: null,
      salt: '',
    },
    subjects: {
      aiSystems: isMapped ? ['credit-scoring'] : [],
      resources: isMapped
        ? [{ arn: `arn:aws:sagemaker:eu-west-1:111122223333:endpoint/e-${n % 2_000}`, type: 'AWS::SageMaker::Endpoint' }]
        : [{ arn: `arn:aws:s3:::bucket-${n % 5_000}`, type: 'AWS::S3::Bucket' }],
      findingKey: null,
      title: `PutObject by arn:aws:sts::111122223333:assumed-role/pipeline/session-${n}`,
      salt: '',
    },
    raw: { detail: {}, form: 'json', facts: {}, redactions: [], salt: '' },
  };
}

const microseconds = (since: number, count: number) => (((performance.now() - since) * 1_000) / count).toFixed(2);
const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);

const path = join(folder, 'index.db');
const index = SqliteIndex.open({ path, isAiResource: ({ type }) => type.startsWith('AWS::SageMaker::') });
let busy = 0;
let peak = 0;
let cpu = 0;
let mark = { busy: 0, cpu: 0, records: 0 };
for (let first = 0; first < total; first += perSegment) {
  const records = Array.from({ length: Math.min(perSegment, total - first) }, (_, n) => record(first + n));
  const began = performance.now();
  const cpuBefore = process.cpuUsage();
  const ids = records.map(({ core }) => core.id);
  for (let n = 0; n < ids.length; n += 1_000) await index.locate(ids.slice(n, n + 1_000));
  await index.apply({
    key: `written=2026-11-11/source=cloudtrail/${hash('sha256', String(first))}.ndjson.zst`,
    sha256: hash('sha256', String(first)),
    records,
  });
  busy += performance.now() - began;
  const spent = process.cpuUsage(cpuBefore);
  cpu += (spent.user + spent.system) / 1_000;
  peak = Math.max(peak, process.memoryUsage.rss());
  const done = first + records.length;
  if (done % 100_000 === 0) {
    const per = (since: number, now: number) => (((now - since) * 1_000) / (done - mark.records)).toFixed(2);
    console.log(
      `${done} records: ${per(mark.busy, busy)} µs per record, ${per(mark.cpu, cpu)} µs of CPU (locate and apply), peak RSS ${mebibytes(peak)} MiB`,
    );
    mark = { busy, cpu, records: done };
  }
}
const ask = async (name: string, count: number, work: () => Promise<unknown>) => {
  const began = performance.now();
  await work();
  console.log(`${name}: ${microseconds(began, count)} µs`);
};
const held = Array.from({ length: 1_000 }, (_, n) => hash('sha256', `record ${Math.floor((n * total) / 1_000)}`));
const inOrder = Array.from({ length: 20_000 }, (_, n) => hash('sha256', `record ${Math.floor(total / 2) + n}`));
await ask('locate, held, in order of arrival, per id', inOrder.length, () => index.locate(inOrder));
await ask('locate, held, scattered, per id', 1_000, () => index.locate(held));
await ask('locate, held again, per id', 1_000, () => index.locate(held));
await ask('locate, not held, per id', 1_000, () => index.locate(held.map((id) => hash('sha256', id))));
await ask('newest 50', 1, () => index.list({ limit: 50 }));
await ask('newest 50 of a control', 1, () => index.list({ control: 'A.6.2.4', limit: 50 }));
await ask('newest 50 of a control and resource', 1, () =>
  index.list({ control: 'A.6.2.4', resource: 'arn:aws:sagemaker:eu-west-1:111122223333:endpoint/e-4', limit: 50 }),
);
await ask('newest 50 of a polarity', 1, () => index.list({ polarity: 'supports', limit: 50 }));
await ask('newest 50 of a control and AI system', 1, () => index.list({ control: 'A.6.2.4', aiSystem: 'credit-scoring', limit: 50 }));
await ask('counts', 1, () => index.counts());
await ask('counts by day', 1, () => index.countsByDay({}));
await ask('ids with prefix', 1, () => index.idsWithPrefix('00', 20));
await ask('receipts', 1, () => index.list({ kind: 'receipt', limit: 50 }));
const began = performance.now();
await index.close();
console.log(
  `close: ${(performance.now() - began).toFixed(0)} ms; file ${mebibytes(statSync(path).size)} MiB; peak RSS ${mebibytes(peak)} MiB`,
);
rmSync(folder, { recursive: true });
