// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Context } from 'aws-lambda';
import { loadPack } from '../../src/catalog/pack-file.ts';
import type { Connected } from '../../src/collect/read-run.ts';
import type { TimeReserve } from '../../src/collect/time-left.ts';
import { type HomeSecret, homeSecret } from '../../src/evidence/identity.ts';
import type { SourceId } from '../../src/evidence/observation.ts';
import { type Declarations, noDeclarations } from '../../src/evidence/scope-file.ts';
import type { EvidenceIndex } from '../../src/evidence-index/evidence-index.ts';
import { SqliteIndex } from '../../src/evidence-index/sqlite-index.ts';
import type { LedgerStore } from '../../src/ledger/ledger-store.ts';
import { isAiResourceType } from '../../src/mapping/ai-resource-type.ts';
import { collectorHandler } from '../../src/runtime/aws/collector-handler.ts';
import type { CollectorParts } from '../../src/runtime/aws/collector-parts.ts';
import type { RecordingParts } from '../../src/runtime/aws/function-collection.ts';
import { functionPack } from '../../src/runtime/aws/function-pack.ts';
import { planHandler } from '../../src/runtime/aws/plan-handler.ts';
import type { ListAccounts } from '../../src/runtime/aws/plan-targets.ts';
import { projectHandler } from '../../src/runtime/aws/project-handler.ts';
import type { BatchAnswer } from '../../src/runtime/aws/queue-event.ts';
import { type Publish, sealHandler } from '../../src/runtime/aws/seal-handler.ts';
import { type SelfAuditParts, selfAuditHandler } from '../../src/runtime/aws/self-audit-handler.ts';
import { type Configuration, configurationSchema } from '../../src/runtime/deployment/configuration-schema.ts';
import { createSources } from '../../src/sources/registry.ts';
import type { Source } from '../../src/sources/source.ts';
import type { Vault } from '../../src/vault/vault.ts';
import { MemoryLedgerStore } from './memory-ledger-store.ts';
import { MemoryRunQueue, type QueuedMessage } from './memory-run-queue.ts';
import { MemoryVault } from './memory-vault.ts';
import { RecordedTelemetry } from './recorded-telemetry.ts';
import { testSigner } from './test-signer.ts';

/** What a test decides about its home. */
export interface FunctionHomeOptions {
  readonly kind?: 'real' | 'sample';
  readonly secret?: HomeSecret;
  readonly configuration?: Partial<Configuration>;
  readonly declarations?: Declarations;
  readonly vault?: Vault;
  readonly index?: EvidenceIndex;
  readonly source?: (made: Source) => Source;
  readonly connect?: (target: { readonly account: string; readonly region: string }) => Promise<Connected>;
  readonly listAccounts?: ListAccounts;
  readonly reserve?: TimeReserve;
  readonly deliveryGaps?: SelfAuditParts['deliveryGaps'];
  /** Dead letters of queues by name (`MacieRuns`); the others have none. */
  readonly deadLetters?: Readonly<Record<string, number | null>>;
  readonly removeRetired?: SelfAuditParts['removeRetired'];
  readonly now?: () => Date;
}

/** Partition, account and Region that the functions of a test run in. */
const home = { partition: 'aws', account: '111122223333', region: 'eu-west-1' } as const;
const pack = loadPack();

/** The functions of an AWS home over stores of this machine: what is wired differently is only the adapters. */
export class FunctionHome {
  readonly queue = new MemoryRunQueue();
  readonly telemetry = new RecordedTelemetry();
  readonly ledger: LedgerStore = new MemoryLedgerStore();
  readonly signer = testSigner('aims-evidence/functions');
  readonly published: Parameters<Publish>[0][] = [];
  readonly vault: Vault;
  readonly index: EvidenceIndex;
  readonly #options: FunctionHomeOptions;
  readonly #secret: HomeSecret;
  readonly #projected = new Set<string>();

  constructor(options: FunctionHomeOptions = {}) {
    this.#options = options;
    this.vault = options.vault ?? new MemoryVault();
    this.index = options.index ?? SqliteIndex.open({ path: ':memory:', isAiResource: isAiResourceType });
    this.#secret = options.secret ?? homeSecret(Buffer.alloc(32, 7));
  }

  /** Lets a source's schedule fire. */
  async plan(source: SourceId, scheduledAt: string) {
    const parts = { ...this.#recording(null), queue: this.queue, listAccounts: this.#listAccounts };
    return await planHandler(
      () => this.telemetry,
      async () => parts,
    )({ source, scheduledAt }, lambdaContext());
  }

  /** Gives one batch of a source's queue to its collector; what fails stays on the queue. */
  async collect(source: SourceId, { most = 10, context = lambdaContext() } = {}): Promise<BatchAnswer> {
    const batch = this.queue.receive(source, most);
    const answer = await this.handle(
      source,
      batch.map((message) => record(message, `${source}.fifo`)),
      context,
    );
    this.queue.settle(
      batch,
      answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    );
    return answer;
  }

  /** Gives messages to a collector as Lambda does. */
  async handle(source: SourceId, records: readonly unknown[], context = lambdaContext()): Promise<BatchAnswer> {
    return await collectorHandler(
      () => this.telemetry,
      async () => this.collectorParts(source),
    )({ Records: records }, context);
  }

  collectorParts(id: SourceId): CollectorParts {
    const recording = this.#recording(id);
    const made = createSources({ tables: recording.pack.tables, declarations: recording.declarations }).get(id);
    if (made === undefined) throw new TypeError(`no source ${id}`);
    return {
      ...recording,
      source: this.#options.source?.(made) ?? made,
      queue: this.queue,
      connect:
        this.#options.connect ?? (async () => ({ connection: { region: home.region, clientConfig: {}, channel: 'api' }, readAs: 'arn:x' })),
      ...(this.#options.reserve === undefined ? {} : { reserve: this.#options.reserve }),
    };
  }

  /** Tells `project` of every segment that it was not told of yet; ids of those that failed. */
  async project(): Promise<BatchAnswer> {
    const fresh = (await Array.fromAsync(this.vault.list(''))).map(({ key }) => key).filter((key) => !this.#projected.has(key));
    for (const key of fresh) this.#projected.add(key);
    return await this.notice(fresh.map((key) => createdNotice(`vault/${key}`)));
  }

  /** Gives notices of S3 to `project`. */
  async notice(records: readonly unknown[]): Promise<BatchAnswer> {
    const parts = { vault: this.vault, index: this.index, telemetry: this.telemetry, now: this.#now };
    return await projectHandler(
      () => this.telemetry,
      async () => parts,
    )({ Records: records }, lambdaContext());
  }

  /** Lets the nightly audit run, or a rebuild. */
  async audit(scheduledAt: string, task: 'audit' | 'rebuild' = 'audit', context = lambdaContext()) {
    const parts: SelfAuditParts = {
      ...this.#recording(null),
      listAccounts: this.#listAccounts,
      replaceIndex: async (fill) => {
        const filled = await fill(this.index, false);
        await fill(this.index, true);
        return filled;
      },
      removeRetired: this.#options.removeRetired ?? (async () => 0),
      deliveryGaps: this.#options.deliveryGaps ?? async function* () {},
      countDeadLetters: async () => new Map(Object.entries({ MacieRuns: 0, MacieEvents: 0, ...this.#options.deadLetters })),
    };
    return await selfAuditHandler(
      () => this.telemetry,
      async () => parts,
    )({ task, scheduledAt }, context);
  }

  /** Lets a seal timer fire. */
  async seal(extent: 'open-days' | 'everything') {
    const { vault, ledger, signer, telemetry } = this;
    const publish: Publish = async (notice) => void this.published.push(notice);
    const parts = { vault, ledger, signer, previousSigner: null, publish, telemetry, now: this.#now };
    const timer = { extent, scheduledAt: '2026-11-21T01:20:00Z' };
    return await sealHandler(
      () => telemetry,
      async () => parts,
    )(timer, lambdaContext());
  }

  get #now() {
    return this.#options.now ?? (() => new Date());
  }

  get #listAccounts(): ListAccounts {
    return this.#options.listAccounts ?? (async () => ({ accounts: [], gaps: [] }));
  }

  #recording(source: SourceId | null): RecordingParts {
    const { kind = 'real', declarations = noDeclarations, configuration = {} } = this.#options;
    const sources = createSources({ tables: pack.tables, declarations }).values();
    return {
      kind,
      vault: this.vault,
      index: this.index,
      secret: this.#secret,
      pack: functionPack({ pack, sources, collector: 'aims-evidence/test' }, source),
      // Two sources that wait for no other.
      configuration: configurationSchema.parse({ sources: ['macie', 'cloudtrail'], ...configuration }),
      declarations,
      telemetry: this.telemetry,
      now: this.#now,
    };
  }
}

/** What Lambda tells a function of its invocation; time enough unless a test says otherwise. */
export function lambdaContext(remainingMs: () => number = () => 600_000): Context {
  return {
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'test',
    functionVersion: '1',
    invokedFunctionArn: `arn:aws:lambda:${home.region}:${home.account}:function:test`,
    memoryLimitInMB: '1024',
    awsRequestId: 'request-1',
    logGroupName: '',
    logStreamName: '',
    getRemainingTimeInMillis: remainingMs,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** A message as Lambda hands it out of a queue. */
export function record(
  { id, body, receives, sentAt = '1970-01-01T00:00:00Z' }: Pick<QueuedMessage, 'id' | 'body' | 'receives'> & { readonly sentAt?: string },
  queue: string,
) {
  return {
    messageId: id,
    receiptHandle: 'handle',
    body,
    attributes: { ApproximateReceiveCount: String(receives), SentTimestamp: String(Date.parse(sentAt)) },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${home.region}:${home.account}:${queue}`,
    awsRegion: home.region,
  };
}

/** EventBridge's notice of a new object, as it lies on the queue of `project`. */
export function createdNotice(key: string, time = '2026-11-21T00:00:00Z') {
  const detail = { version: '0', bucket: { name: 'evidence' }, object: { key, size: 1, 'version-id': 'v1' }, reason: 'PutObject' };
  const body = {
    version: '0',
    id: hash('md5', key),
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: home.account,
    time,
    region: home.region,
    resources: [],
    detail,
  };
  return record({ id: `notice ${key}`, body: JSON.stringify(body), receives: 1 }, 'notices');
}
