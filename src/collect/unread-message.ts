// SPDX-License-Identifier: Apache-2.0
import { at, stringAt } from '../evidence/json.ts';
import { type SourceId, sourceIds } from '../evidence/observation.ts';
import type { Collection } from './collection.ts';
import { recordDetail } from './record-detail.ts';

const prefix = 'queue message ';

/** What the gap of a message that nobody can read is about, and the place that its run read: no run that read something else closes it. */
export function unreadMessageName(messageId: string): string {
  return `${prefix}${messageId}`;
}

/** What the queues of a home gave up on, as far as it could be counted. */
export interface DeadLetters {
  /** In all queues together; null where one could not be counted. */
  readonly count: number | null;
  /** Of one queue of a source; null where it could not be counted, or is none of this home. */
  readonly of: (source: SourceId, queue: string) => number | null;
  /** How often a queue hands a message out before it is one. */
  readonly receives: number;
  /** ISO 8601 UTC: of messages that were sent before this, a queue may have dropped some by itself. */
  readonly keptSince: string;
}

/** Which messages are looked after. */
export interface SettledMessages {
  /** The run that looks. */
  readonly run: string;
  readonly partition: string;
  readonly deadLetters: DeadLetters;
  /** ISO 8601 UTC: one that was handed out for the last time before this lies among the dead letters, or did until somebody removed it. */
  readonly takenBefore: string;
}

/**
 * Closes the gaps of messages that nobody could read and that somebody looked after: dead for certain, so young that the queue keeps them, and no
 * longer there. Each by a run that read its place and found nothing. What its queue dropped by itself stays open. The caller flushes.
 */
export async function closeSettledMessages(collection: Collection, look: SettledMessages): Promise<void> {
  const { run, partition, takenBefore } = look;
  for (const gap of await collection.setting.index.openGaps()) {
    const source = sourceIds.find((id) => id === gap.source);
    if (source === undefined || !gap.what.startsWith(prefix) || Date.parse(gap.collectedAt) >= Date.parse(takenBefore)) continue;
    if (!(await isSettled(collection, { id: gap.id, source }, look.deadLetters))) continue;
    const { account, region, what } = gap;
    const settled = collection.run({ run: `${run}-${what.slice(prefix.length)}`, source, partition, account, region, window: null }, null);
    await settled.plan(what);
    await settled.finish({ deadLetters: 0 });
  }
}

async function isSettled(
  collection: Collection,
  { id, source }: { readonly id: string; readonly source: SourceId },
  { of, receives, keptSince }: DeadLetters,
): Promise<boolean> {
  const entry = await collection.setting.index.entry(id);
  const detail = entry === null ? undefined : at(await recordDetail(collection, entry), 'detail');
  const [queue, sentAt, received] = [stringAt(detail, 'queue'), stringAt(detail, 'sentAt'), at(detail, 'receives')];
  if (queue === undefined || sentAt === undefined || typeof received !== 'number') return false;
  return received >= receives && Date.parse(sentAt) > Date.parse(keptSince) && of(source, queue) === 0;
}
