// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../evidence/canonical-json.ts';
import type { Gap } from '../evidence/gap.ts';
import type { JsonObject } from '../evidence/json.ts';
import type { Facts, RecordSourceId } from '../evidence/observation.ts';
import type { RecordParts } from '../evidence/seal-record.ts';
import type { TimeWindow } from '../sources/source.ts';
import { remember, type WindowMemory } from './window-memory.ts';

/** What one run covers. Account and Region are empty for files: each item says its own. */
export interface RunScope {
  readonly run: string;
  readonly source: RecordSourceId;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** Null for files and events: all they hold is read. A single moment for what a later run must have reached to have seen it. */
  readonly window: TimeWindow | null;
  /** What the receipts of this scope remembered until now. Absent where no window was planned. */
  readonly memory?: WindowMemory;
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

/** Finding key of the plans of one source and scope: the newest tells whether its schedule is kept. */
export function planKey(scope: Pick<RunScope, 'source' | 'account' | 'region'>): string {
  return `plan|${scope.source}|${scope.account}|${scope.region}`;
}

/** The window of a run that only tells of something missed: whoever sees it later reads until that moment (ISO 8601 UTC) or past it. */
export function momentOf(at: string): TimeWindow {
  return { since: at, until: at };
}

/** What is going to be collected, sealed before it starts. */
export function planParts(scope: RunScope, startedAt: string, from: string): RecordParts {
  const { run, source, account, region, window, memory } = scope;
  const span = window === null ? null : { since: window.since, until: window.until };
  return ownParts(
    scope,
    'plan',
    { run, source, account, region, window: span, from, startedAt },
    {
      identity: run,
      title: `planned ${source} ${account} ${region}`.trim(),
      occurredAt: startedAt,
      // A run that only tells what is missing has no memory to hand on: its plan keeps no schedule.
      findingKey: memory === undefined ? null : planKey(scope),
      facts: { run },
    },
  );
}

/** Finding key of the receipts of one source and scope: the newest tells where the next window starts. */
export function receiptKey(scope: Pick<RunScope, 'source' | 'account' | 'region'>): string {
  return `receipt|${scope.source}|${scope.account}|${scope.region}`;
}

/** Where a run stands in a reading that takes more than one invocation. A reading in one piece needs none. */
export interface PartEnd {
  /** From 1. */
  readonly part: number;
  /** Run that goes on with the rest; null for the last part. */
  readonly continuedBy: string | null;
  /** Ids of the gaps that the earlier parts met, and how many of them hid a call, a Region or a window. */
  readonly earlierGaps: readonly string[];
  readonly earlierScopeGaps: number;
  /** How many of these pass by themselves. */
  readonly earlierPassingGaps: number;
  /** True where the earlier parts met more gaps than are named here. */
  readonly gapsLeftOut: boolean;
}

const onlyPart: PartEnd = { part: 1, continuedBy: null, earlierGaps: [], earlierScopeGaps: 0, earlierPassingGaps: 0, gapsLeftOut: false };

/**
 * The sealed account of a finished run. A part that another one continues, or that cannot name every gap of its reading, vouches for no window
 * (`window` is empty), so that it closes no gap of an earlier run; `asked` is then the window that was to be read.
 */
export function receiptParts(scope: RunScope, finishedAt: string, counts: RunCounts, more: ReceiptMore): RecordParts {
  const { run, source, account, region, window } = scope;
  const { end = onlyPart, isWhole = true, gaps, detail } = more;
  const span = window === null ? null : { since: window.since, until: window.until };
  const vouches = end.continuedBy === null && !end.gapsLeftOut;
  const parts = end.part === 1 && end.continuedBy === null ? {} : { part: end.part, continuedBy: end.continuedBy, asked: span };
  const vouched = span === null || vouches ? span : { since: span.until, until: span.until };
  const complete = counts.scopeGaps === 0 && end.earlierScopeGaps === 0 && vouches && isWhole;
  const standing = !complete && vouches && isWhole && more.passingGaps + end.earlierPassingGaps === 0;
  const memory = window === null || scope.memory === undefined ? {} : remember(scope.memory, { window, isComplete: complete });
  return ownParts(
    scope,
    'receipt',
    {
      run,
      source,
      account,
      region,
      window: vouched,
      finishedAt,
      counts: { ...counts },
      ...parts,
      ...detail,
      gaps: [...end.earlierGaps, ...gaps],
    },
    {
      identity: run,
      title: `${counts.itemsRead} read, ${counts.recordsStored} stored, ${counts.duplicates} known, ${counts.itemGaps + counts.scopeGaps} gaps`,
      occurredAt: finishedAt,
      findingKey: window === null && account !== '' ? `${receiptKey(scope)}|${unwindowed}` : receiptKey(scope),
      facts: { run, complete, standing, since: window?.since ?? null, until: window?.until ?? null, ...memory },
    },
  );
}

// Receipts of events come by the minute: among those of windows they would hide how far back the last sweep was.
const unwindowed = 'no-window';

/** How a run ended, where it did not simply read all that there was. */
export interface RunEnd {
  readonly end?: PartEnd;
  /** False where something was left for another run, which no gap of this one tells. */
  readonly isWhole?: boolean;
}

/** What a receipt says beside its counts. */
export interface ReceiptMore extends RunEnd {
  /** Ids of the run's own gaps. */
  readonly gaps: readonly string[];
  /** How many of its gaps that hid a call, a Region or a window pass by themselves (throttled, not answered). */
  readonly passingGaps: number;
  readonly detail: JsonObject;
}
