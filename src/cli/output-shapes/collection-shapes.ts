// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { controlsShape } from './controls-shape.ts';
import { accountId, count, damagedSegment, homeName, instant, regionName, runId, sourceName, unread, words } from './member-shapes.ts';

const run = z
  .looseObject({
    id: runId,
    source: sourceName,
    account: accountId,
    region: regionName,
    since: instant.nullable().describe('Start of the window that was read; null for files'),
    until: instant.nullable().describe('End of that window; null for files'),
    itemsRead: count.describe(
      'Observations read. Always `recordsStored` + `duplicates` + `itemGaps`; plans, receipts and gaps are counted apart',
    ),
    recordsStored: count.describe('Observations stored as new records'),
    duplicates: count.describe('Observations that the home has already'),
    itemGaps: count.describe('Items that could not be read; each is a gap'),
    scopeGaps: count.describe('Calls, files, Regions or windows that could not be seen; each is a gap'),
  })
  .refine(
    (one) => one.itemsRead === one.recordsStored + one.duplicates + one.itemGaps,
    'itemsRead = recordsStored + duplicates + itemGaps',
  );

const collected = {
  home: homeName,
  runs: z.array(run).describe('One for each source, account and Region'),
  unreadByAll: count.optional().describe('With files: how many of the `scopeGaps` every run has, each of a file that told no source'),
  unrecognised: z.array(unread).describe('Files, or parts of them, in no form that a source reads'),
  checkpoint: z
    .looseObject({ size: count.describe('Segments that it seals'), note: words.describe('The signed note, C2SP tlog-checkpoint') })
    .nullable()
    .describe('What seals the collection; null where the home holds nothing'),
  damaged: z
    .array(damagedSegment)
    .describe('Segments that were found damaged or gone on the way, or earlier and still are; each is a gap, and the exit code is 1'),
  interrupted: count.describe('Earlier runs that ended without a receipt; each is a gap now'),
};

/** `aims collect --json` */
export const collectShape = z.looseObject(collected);

/** `aims start --json` */
export const startShape = z.looseObject({
  ...collected,
  coverage: controlsShape.describe('As `aims controls` prints it'),
  totals: z
    .array(z.looseObject({ source: sourceName, kind: words.describe('Kind of record'), records: count.describe('How many there are') }))
    .describe('Records of the home by source and kind'),
});
