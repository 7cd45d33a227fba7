// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import type { ProblemKind } from '../../ledger/ledger-problem.ts';
import { count, damagedSegment, homeName, words } from './member-shapes.ts';

const problemKinds = [
  'forked',
  'rolled-back',
  'signature',
  'unsigned',
  'missing',
  'damaged',
  'unsealed',
  'foreign',
  'disturbed',
  'unreadable',
] as const satisfies readonly ProblemKind[];

const kind = z.enum(problemKinds).describe('What kind of thing it is');
const what = z.enum(['unprotected', 'hidden', 'covered']).optional().describe('What was done to it, where it was `disturbed`');
const problem = z.looseObject({
  kind,
  item: words.describe('What is wrong: a segment’s key, a tile’s path, `checkpoint 17`'),
  reason: words.describe('Why, in one sentence'),
  what,
});

/** `aims checkpoint --json` */
export const checkpointShape = z.looseObject({
  size: count.describe('Segments that it seals'),
  checkpoint: words.describe('The signed note, C2SP tlog-checkpoint'),
  verifierKey: words.describe('C2SP verifier key in use, for `aims verify --key`'),
  verifierKeys: z.array(words).min(1).describe('The same, and the one that it replaces where there is one'),
});

const checked = z.looseObject({
  leaves: count.describe('Leaves of the ledger, each rebuilt from its data'),
  tiles: count.describe('Tiles compared with these'),
  checkpoints: count.describe('Kept checkpoints compared with the tree of their size'),
  pinnedCheckpoint: z.boolean().describe('Whether the one given by `--checkpoint` was compared'),
  segments: count.describe('Segments with a leaf whose every byte was hashed'),
  unsealed: count.describe('Segments that are no leaf yet, read the same way'),
  bytes: count.describe('… as stored'),
  rawBytes: count.describe('… unpacked'),
  records: count.describe('Records in these segments'),
  expired: count.describe('Segments that are lawfully gone, their retention being over'),
  recordLeaves: z.boolean().describe('Whether each record was hashed too (`--records`)'),
});

/** `aims verify --json` */
export const verifyShape = z.looseObject({
  ok: z.boolean().describe('Whether nothing is wrong; the exit code is 1 otherwise'),
  home: homeName,
  verifierKeys: z.array(words).min(1).describe('C2SP verifier keys that signatures were checked with'),
  keysFrom: words.describe(
    'Where these came from: `--key`, `--checkpoint FILE` (kept with it), or a part of the home itself, whose owner could have replaced them',
  ),
  checked,
  problems: z.array(problem).describe('What is wrong, worst first'),
  pending: z.array(problem).describe('Not sealed or not signed yet: the next collection or seal finishes it, nothing is wrong'),
  unnamed: z
    .array(z.looseObject({ kind, what, count: count.describe('How many more') }))
    .describe('How many more there are of a kind than are named'),
  limits: z.array(words).describe('What this verification cannot rule out'),
});

/** `aims index rebuild --json` */
export const rebuildShape = z.looseObject({
  home: homeName,
  segments: count.describe('Segments taken into the new index'),
  records: count.describe('Records in them'),
  damaged: z.array(damagedSegment).describe('Segments that could not be read: they are not in the index, and the exit code is 1'),
});
