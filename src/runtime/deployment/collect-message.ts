// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { sourceIds } from '../../evidence/observation.ts';

/**
 * What the planner puts on a source's queue: one planned run. The group of a message is `source/account/region`, its deduplication id the
 * run id, so that a planner run twice plans once. Times are ISO 8601 UTC.
 */
export const collectMessageSchema = z.strictObject({
  version: z.literal(1),
  run: z.string().min(1),
  source: z.enum(sourceIds),
  partition: z.string().min(1),
  account: z.string().regex(/^\d{12}$/),
  region: z.string().min(1),
  window: z.strictObject({ since: z.iso.datetime(), until: z.iso.datetime() }),
  /** The run's time: ages and silences are measured from it. A continuation keeps that of the first part. */
  sweptAt: z.iso.datetime(),
  /** The source's own mark after which reading goes on; null at the beginning. Never a token of the service. */
  resumeAfter: z.string().nullable(),
  /** Ids of the gaps of the earlier parts of this collection, so that the last receipt names them too. */
  earlierGaps: z.array(z.string()).default([]),
  /** Which part this is, from 1. */
  part: z.number().int().min(1).default(1),
});
/** A planned run as it stands on a queue. */
export type CollectMessage = z.infer<typeof collectMessageSchema>;

/** The message group: runs of one source in one account and Region never overlap, so that published rates are kept. */
export function messageGroup({ source, account, region }: Pick<CollectMessage, 'source' | 'account' | 'region'>): string {
  return `${source}/${account}/${region}`;
}
