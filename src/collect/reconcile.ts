// SPDX-License-Identifier: Apache-2.0
import { decodeForIndex } from '../evidence/decode-record.ts';
import { recordSourceIds } from '../evidence/observation.ts';
import type { EvidenceRecord } from '../evidence/record.ts';
import { sealRecord } from '../evidence/seal-record.ts';
import type { IndexEntry } from '../evidence-index/evidence-index.ts';
import { openSegment } from '../vault/open-segment.ts';
import type { Collection } from './collection.ts';
import { gapParts, type RunScope } from './own-record.ts';

/** Records of a stored segment, in the order of its lines. Throws SEGMENT_DAMAGED. */
export async function readSegment(key: string, bytes: Uint8Array): Promise<readonly EvidenceRecord[]> {
  return (await openSegment(key, bytes)).map(decodeForIndex);
}

/** Which plans are given up. */
export interface PlansToClose {
  /** Only those that were to start before this; ISO 8601 UTC. Where runs wait in queues, a plan is not late before its queue gave up on it. */
  readonly startedBefore?: string;
  readonly partition?: string;
}

/** Turns every plan without a receipt into an `interrupted` gap, once. On a laptop: call it before new plans are made. */
export async function closeInterruptedPlans(collection: Collection, which: PlansToClose = {}): Promise<number> {
  let closed = 0;
  for (const plan of await collection.setting.index.unfinishedPlans()) {
    const startedAt = plan.occurredAt ?? plan.collectedAt;
    const isDue = which.startedBefore === undefined || Date.parse(startedAt) < Date.parse(which.startedBefore);
    if (isDue) closed += await closePlan(collection, plan, which.partition ?? 'aws');
  }
  await collection.flush();
  return closed;
}

async function closePlan(collection: Collection, plan: IndexEntry, partition: string): Promise<number> {
  const source = recordSourceIds.find((id) => id === plan.source);
  if (source === undefined) return 0;
  const { account, region } = plan;
  const scope: RunScope = { run: plan.run, source, partition, account, region, window: null };
  const gap = {
    reason: 'interrupted',
    extent: 'scope',
    what: `run ${plan.run}`,
    message: 'the run was planned and ended without a receipt; what it stored is kept, run the collection again for the rest',
    code: 'RUN_INTERRUPTED',
    detail: { plannedAt: plan.occurredAt },
  } as const;
  const context = collection.sealContext(plan.run, null);
  return (await collection.writer(source).addOwn(sealRecord(gapParts(scope, gap, plan.occurredAt), context))) ? 1 : 0;
}
