// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { accountId, claim, count, gapReason, hex64, instant, regionName, runId, sourceName, unread, words } from './member-shapes.ts';

const resource = z.looseObject({
  arn: z.string().describe('ARN of the resource'),
  type: z.string().describe('Such as `AWS::SageMaker::Endpoint`'),
});

/** One line of a list of records. */
const entry = z.looseObject({
  id: hex64.describe('Id of the record: `aims show ID`'),
  kind: words.describe('`activity`, `finding`, …; ours are `plan`, `receipt` and `gap`'),
  source: sourceName,
  account: accountId,
  region: regionName,
  occurredAt: instant.nullable().describe('When it happened, as AWS says; null where it does not'),
  collectedAt: instant.describe('When it was read'),
  severity: z.string().nullable().describe('As AWS says'),
  title: z.string(),
  aiSystems: z.array(z.string()).describe('AI systems in scope that it is about'),
  resources: z.array(resource).describe('Resources that it is about'),
  controls: z.array(claim).describe('What it claims; empty where it claims nothing'),
  run: runId,
  findingKey: z.string().nullable().describe('The same for all states of one finding'),
  segment: words.describe('Key of the segment that holds it'),
  line: count.describe('Line in the segment, from 0'),
});

/** Something that could not be seen, and that no later run has seen. */
export const openGap = z.looseObject({
  id: hex64.describe('Id of the newest record about it: `aims show ID`'),
  source: sourceName,
  account: accountId,
  region: regionName,
  reason: gapReason,
  extent: z.enum(['item', 'scope']).describe('`item`: one item; `scope`: a call, a file, a Region or a window'),
  what: words.describe('What was looked at, such as `macie2:GetMacieSession` or `logs/a.json.gz`'),
  message: words.describe('What to do about it, in one sentence'),
  run: runId,
  collectedAt: instant.describe('When it was met'),
});

/** `aims evidence --json` */
export const evidenceShape = z.looseObject({
  records: z.array(entry).describe('Newest first'),
  cursor: z.string().nullable().describe('For `--cursor`: the next page begins there; null after the last'),
});

/** `aims runs --json` */
export const runsShape = z.looseObject({
  runs: z.array(entry).describe('Receipts of finished runs, newest first'),
  unfinished: z.array(entry).describe('Plans of runs without a receipt: under way, or killed'),
});

const windowShape = z.looseObject({ since: instant, until: instant }).nullable();

/** Of a run that read AWS or files. */
const receiptOfRead = {
  collector: words.optional().describe('Name and version of the collector'),
  readAs: z.string().nullable().optional().describe('ARN of the identity that read; null for files'),
  requests: z
    .looseObject({ count: count.describe('Answers that items were read from'), last: z.string().describe('Request id of the last one') })
    .optional()
    .describe('What AWS was asked'),
  sweptAt: instant.optional().describe('The moment that the run called now'),
  from: z.string().optional().describe('Name of the folder or file that was read'),
  files: count.optional().describe('Files that were read'),
  unrecognisedCount: count.optional().describe('Files, or parts of them, in no form that a source reads'),
  unrecognised: z.array(unread).optional().describe('These, in the first receipt of a collection'),
  events: count.optional().describe('Messages of EventBridge that were read'),
  failed: count.optional().describe('… and that could not be, and come again'),
  decidedEarly: count.optional().describe('Observations that were decided before the reading was whole'),
};

/** Of a run of a deployed home that reads nothing. */
const receiptOfOthers = {
  targets: count.optional().describe('Places that a planner planned runs for'),
  deadLetters: count.optional().describe('Dead letters left when a gap about them was closed'),
  audit: z.record(z.string(), z.json()).optional().describe('Figures of the nightly audit, by name'),
  expected: z.json().optional().describe('Which runs that audit expects'),
};

/** `aims receipt ID --json` */
export const receiptShape = z.looseObject({
  id: hex64.describe('Id of the receipt’s record'),
  run: runId,
  source: sourceName,
  account: accountId,
  region: regionName,
  window: windowShape.describe('The window that the run vouches for; null for files'),
  finishedAt: instant,
  counts: z
    .looseObject({ itemsRead: count, recordsStored: count, duplicates: count, itemGaps: count, scopeGaps: count })
    .describe('As `aims collect` prints them'),
  gaps: z.array(hex64).describe('Ids of the gaps that the run met'),
  ...receiptOfRead,
  part: count.optional().describe('Which part of a reading in several parts, from 1; absent for a reading in one'),
  continuedBy: z.string().nullable().optional().describe('Run that goes on with the rest; null in the last part'),
  asked: windowShape.optional().describe('The whole window that the parts were to read'),
  ...receiptOfOthers,
});

/** `aims gaps --json` */
export const gapsShape = z.looseObject({
  open: z.array(openGap).describe('What could not be seen and still stands'),
  all: z.array(entry).optional().describe('With `--all`: the record of every gap ever met, newest first'),
});
