// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type JsonObject } from '../evidence/json.ts';
import type { IndexEntry } from '../evidence-index/evidence-index.ts';
import type { Source } from '../sources/source.ts';
import type { Collection } from './collection.ts';
import type { RunScope } from './own-record.ts';
import type { PlanTarget } from './plan-collection.ts';
import { recordDetail } from './record-detail.ts';

/** A source with the schedule that it is planned by, and where. */
export interface Scheduled {
  readonly source: Pick<Source, 'id'>;
  /** EventBridge Scheduler expression. */
  readonly schedule: string;
  readonly targets: readonly PlanTarget[];
}

/** Whether an audit expected plans for a target. */
export type Expected = (target: Pick<RunScope, 'source' | 'account' | 'region'>) => boolean;

/**
 * What stands in an audit's receipt so that a later one knows what this one expected plans for: a target that is new since then cannot have missed
 * any. Every source is planned for the same accounts and Regions, so three short lists tell all.
 */
export function expectedOf(scheduled: readonly Scheduled[]): JsonObject {
  const targets = scheduled.flatMap((one) => one.targets);
  return {
    sources: scheduled.map(({ source }) => source.id),
    accounts: [...new Set(targets.map(({ account }) => account))],
    regions: [...new Set(targets.map(({ region }) => region))],
  };
}

/** What the newest audit that ended before a time (ISO 8601 UTC) expected; null where there was none, or none that says. */
export async function expectedBefore(collection: Collection, audits: Pick<RunScope, 'source'>, before: string): Promise<Expected | null> {
  const receipt = await newestReceipt(collection, audits, before);
  const expected = receipt === null ? undefined : at(await recordDetail(collection, receipt), 'expected');
  if (expected === undefined) return null;
  const known = (name: string) => new Set(arrayAt(expected, name));
  const [sources, accounts, regions] = [known('sources'), known('accounts'), known('regions')];
  return ({ source, account, region }) => sources.has(source) && accounts.has(account) && regions.has(region);
}

async function newestReceipt({ setting }: Collection, { source }: Pick<RunScope, 'source'>, until: string): Promise<IndexEntry | null> {
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof setting.index.list>> = await setting.index.list({
      source,
      kind: 'receipt',
      until,
      limit: 1,
      ...(cursor === null ? {} : { cursor }),
    });
    const [newest] = page.records;
    if (newest !== undefined) return newest;
    ({ cursor } = page);
  } while (cursor !== null);
  return null;
}
