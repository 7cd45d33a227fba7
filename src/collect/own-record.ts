// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../evidence/canonical-json.ts';
import type { Gap } from '../evidence/gap.ts';
import type { JsonObject } from '../evidence/json.ts';
import type { Facts, SourceId } from '../evidence/observation.ts';
import type { RecordParts } from '../evidence/seal-record.ts';
import type { TimeWindow } from '../sources/source.ts';

/** What one run covers. Account and Region are empty for files: each item says its own. */
export interface RunScope {
  readonly run: string;
  readonly source: SourceId;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** Null for files: all they hold is read. */
  readonly window: TimeWindow | null;
}

/** Counts of one run. `itemsRead` = `recordsStored` + `duplicates` + `itemGaps`; plans, receipts and gaps of ours are counted apart. */
export interface RunCounts {
  itemsRead: number;
  recordsStored: number;
  duplicates: number;
  itemGaps: number;
  scopeGaps: number;
}

function ownParts(scope: RunScope, kind: 'gap' | 'plan' | 'receipt', detail: JsonObject, more: OwnMore): RecordParts {
  const { source, partition, account, region } = scope;
  const identity = `${kind}|${source}|${account}|${region}|${more.identity}`;
  return {
    core: {
      kind,
      source,
      sourceIdentity: identity,
      versionKey: 'content',
      channel: null,
      partition,
      account,
      region,
      occurredAt: more.occurredAt,
      observedAt: null,
      severity: null,
      controls: [],
    },
    subjects: { aiSystems: [], resources: [], findingKey: more.findingKey, title: more.title },
    detail: { form: 'json', canonical: Buffer.from(canonicalJson(detail)), redactions: [] },
    facts: more.facts ?? {},
  };
}

interface OwnMore {
  readonly identity: string;
  readonly title: string;
  readonly occurredAt: string | null;
  readonly findingKey: string | null;
  readonly facts?: Facts;
}

/** A gap as a record. Told again by the same files, or by the same answer of AWS (request id, window), it is the same record. */
export function gapParts(scope: RunScope, gap: Gap, occurredAt: string | null): RecordParts {
  const { reason, extent, what, message, code, detail } = gap;
  const window = scope.window === null ? null : { since: scope.window.since, until: scope.window.until };
  return ownParts(
    scope,
    'gap',
    { reason, extent, what, message, code, detail, window },
    {
      identity: what,
      title: `${reason}: ${what}`,
      occurredAt,
      findingKey: `gap|${scope.source}|${scope.account}|${scope.region}|${what}`,
      facts: { reason, extent, what },
    },
  );
}

/** What is going to be collected, sealed before it starts. */
export function planParts(scope: RunScope, startedAt: string, from: string): RecordParts {
  const { run, source, account, region, window } = scope;
  const span = window === null ? null : { since: window.since, until: window.until };
  return ownParts(
    scope,
    'plan',
    { run, source, account, region, window: span, from, startedAt },
    { identity: run, title: `planned ${source} ${account} ${region}`.trim(), occurredAt: startedAt, findingKey: null, facts: { run } },
  );
}

/** Finding key of the receipts of one source and scope: the newest tells where the next window starts. */
export function receiptKey(scope: Pick<RunScope, 'source' | 'account' | 'region'>): string {
  return `receipt|${scope.source}|${scope.account}|${scope.region}`;
}

/** The sealed account of a finished run. */
export function receiptParts(scope: RunScope, finishedAt: string, counts: RunCounts, more: JsonObject): RecordParts {
  const { run, source, account, region, window } = scope;
  const span = window === null ? null : { since: window.since, until: window.until };
  const complete = counts.scopeGaps === 0;
  return ownParts(
    scope,
    'receipt',
    { run, source, account, region, window: span, finishedAt, counts: { ...counts }, ...more },
    {
      identity: run,
      title: `${counts.itemsRead} read, ${counts.recordsStored} stored, ${counts.duplicates} known, ${counts.itemGaps + counts.scopeGaps} gaps`,
      occurredAt: finishedAt,
      findingKey: receiptKey(scope),
      facts: { run, complete, since: window?.since ?? null, until: window?.until ?? null },
    },
  );
}
