// SPDX-License-Identifier: Apache-2.0
import { sourceIds } from '../evidence/observation.ts';
import type { Collection } from './collection.ts';

const prefix = 'queue message ';

/** What the gap of a message that nobody can read is about, and the place that its run read: no run that read something else closes it. */
export function unreadMessageName(messageId: string): string {
  return `${prefix}${messageId}`;
}

/** Which messages are looked after. */
export interface SettledMessages {
  /** The run that looks. */
  readonly run: string;
  readonly partition: string;
  /** ISO 8601 UTC: one that was taken before this lies among the dead letters, or did until somebody removed it. */
  readonly takenBefore: string;
}

/** Closes the gaps of messages that nobody could read. For when no dead letter is left: each by a run that read its place and found nothing. The caller flushes. */
export async function closeSettledMessages(collection: Collection, { run, partition, takenBefore }: SettledMessages): Promise<void> {
  for (const gap of await collection.setting.index.openGaps()) {
    const source = sourceIds.find((id) => id === gap.source);
    if (source === undefined || !gap.what.startsWith(prefix) || Date.parse(gap.collectedAt) >= Date.parse(takenBefore)) continue;
    const { account, region, what } = gap;
    const settled = collection.run({ run: `${run}-${what.slice(prefix.length)}`, source, partition, account, region, window: null }, null);
    await settled.plan(what);
    await settled.finish({ deadLetters: 0 });
  }
}
