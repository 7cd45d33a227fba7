// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { sourceIds } from '../../evidence/observation.ts';

const window = z.strictObject({ since: z.iso.datetime(), until: z.iso.datetime() });

/** What the earlier parts of a reading hand on to the next one. */
const earlierSchema = z.strictObject({
  /** Ids of the gaps they met, so that the last receipt names them too, and whether some did not fit. */
  gaps: z.array(z.string()).default([]),
  gapsLeftOut: z.boolean().default(false),
  /** How many of their gaps hid a call, a Region or a window. */
  scopeGaps: z.int().min(0).default(0),
  /** How many of these pass by themselves. */
  passingGaps: z.int().min(0).default(0),
  /** Segments they stored: what the index does not hold yet is read from them. */
  segments: z.array(z.string()).default([]),
  /** Items that the end of the reading decides, packed (`unpackItems`). */
  held: z.string().nullable().default(null),
});

/** What the receipts of the scope remembered when the run was planned. */
const memorySchema = z.strictObject({
  lastSweep: z.iso.datetime().nullable(),
  owedSince: z.iso.datetime().nullable(),
  owedTriedAt: z.iso.datetime().nullable(),
});

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
  window,
  memory: memorySchema,
  /** The run's time: ages and silences are measured from it. A continuation keeps that of the first part. */
  sweptAt: z.iso.datetime(),
  /** The source's own mark after which reading goes on; null at the beginning. Never a token of the service. */
  resumeAfter: z.string().nullable(),
  /** Which part this is, from 1. */
  part: z.int().min(1).default(1),
  earlier: earlierSchema.prefault({}),
});
/** A planned run as it stands on a queue. */
export type CollectMessage = z.infer<typeof collectMessageSchema>;

/** The message group: runs of one source in one account and Region never overlap, so that published rates are kept. */
export function messageGroup({ source, account, region }: Pick<CollectMessage, 'source' | 'account' | 'region'>): string {
  return `${source}/${account}/${region}`;
}

/** Times that a message is received before its queue moves it to the dead letters. The last time, its run becomes a gap. */
export const maxReceives = 5;

/** Days that every queue and its dead letters keep a message: the longest that SQS keeps any. Then it is gone, whether somebody looked or not. */
export const queueRetentionDays = 14;
