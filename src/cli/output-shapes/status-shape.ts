// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { accountId, amount, count, gapReason, homeName, instant, regionName, runId, sourceName, words } from './member-shapes.ts';

const place = { source: sourceName, account: accountId, region: regionName };

const lastRun = z.looseObject({
  run: runId,
  finishedAt: instant,
  complete: z.boolean().describe('Whether everything that was asked for could be seen'),
  since: instant.nullable().describe('Start of its window; null for files'),
  until: instant.nullable().describe('End of its window'),
});

const source = z.looseObject({
  ...place,
  schedule: z.string().nullable().describe('EventBridge Scheduler expression; null where nothing is scheduled'),
  lastRun: lastRun.nullable().describe('The newest that finished; null where none did'),
  readUntil: instant.nullable().describe('End of the latest window that was read, with gaps or without; null where only files were'),
  seenUntil: instant.nullable().describe('End of the latest window that was seen completely'),
  lagSeconds: amount.nullable().describe('From `readUntil` to now; null for the sample account, whose present is its own'),
  late: z.boolean().nullable().describe('Whether that is more than two intervals of the schedule'),
});

const queue = z.looseObject({
  source: words.describe('Source, or part of the home, that it belongs to'),
  of: z.enum(['runs', 'events', 'notices', 'failures']).describe('What waits in it'),
  waiting: count.nullable().describe('SQS’s approximate count, as the next two; null where it could not be read'),
  inFlight: count.nullable(),
  deadLetters: count.nullable(),
  problem: z.string().nullable().describe('Why a count could not be read'),
});

const ledger = z.looseObject({
  checkpoint: z
    .looseObject({
      size: count.describe('Segments that it seals'),
      at: instant.nullable().describe('When it was stored'),
      ageSeconds: amount.nullable(),
    })
    .nullable()
    .describe('The newest'),
  unsignedLeaves: count.describe('Leaves that no checkpoint covers yet'),
  unsealed: z
    .looseObject({
      segments: count,
      since: z.iso.date().nullable().describe('First day (UTC) that was looked at; null for all'),
      more: z.boolean().describe('Whether counting stopped'),
    })
    .describe('Segments in the vault that are no leaf yet'),
});

/** `aims status --json` */
export const statusShape = z.looseObject({
  home: homeName,
  kind: z.enum(['real', 'sample']).describe('Whose evidence it holds; never both'),
  at: instant.describe('The moment of asking'),
  sources: z.array(source).describe('One for each source, account and Region'),
  runsSince: instant.nullable().describe('Back to this time every receipt was looked at, before it a sample; null where all were'),
  waitingRuns: z
    .array(z.looseObject({ ...place, run: runId, plannedAt: instant, ageSeconds: amount }))
    .describe('Runs without a receipt, oldest first: waiting, under way, or killed'),
  gaps: z.looseObject({
    open: count,
    by: z.array(z.looseObject({ source: sourceName, reason: gapReason, open: count })).describe('The same by source and reason'),
  }),
  queues: z.array(queue).nullable().describe('Null for a home in a directory, which has none'),
  ledger,
  attention: z.array(words).describe('What a person should look at, in sentences; empty where all is well'),
});
