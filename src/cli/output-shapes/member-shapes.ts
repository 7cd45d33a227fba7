// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { polarities, strengths } from '../../evidence/claim.ts';
import { gapReasons } from '../../evidence/gap.ts';

/*
 * What `aims … --json` prints, as scripts of others rely on it: members that several outputs share. More members are welcome, fewer or other
 * ones are a break: so every object here is loose, and names what must be there. Loaded by tests and by `npm run gen`, by no command.
 */

/** A whole number, at least 0. */
export const count = z.int().min(0);
/** An amount that need not be whole, at least 0. */
export const amount = z.number().min(0);
/** A time, ISO 8601, UTC. */
export const instant = z.iso.datetime();
/** A text that is not empty. */
export const words = z.string().min(1);
/** An id or a hash of 32 bytes. */
export const hex64 = z.string().regex(/^[0-9a-f]{64}$/);

export const sourceName = words.describe('Id of the source, such as `cloudtrail`');
export const accountId = z.string().describe('AWS account; empty for files, each of whose items says its own');
export const regionName = z.string().describe('AWS Region; empty for files');
export const runId = words.describe('Id of the run: `aims receipt ID`');
export const homeName = words.describe('The home: a directory as an absolute path, or `aws:STACK`');

export const strength = z.enum(strengths).describe('`direct` counts, `partial` counts beside other evidence, `context` never counts');
export const polarity = z.enum(polarities).describe('Which way it points; `gap`: evidence that was expected is missing');
export const controlId = words.describe('Clause or Annex A control of ISO/IEC 42001:2023, such as `9.1` or `A.6.2.6`');

/** What a record claims of one control. */
export const claim = z.looseObject({ control: controlId, rule: words.describe('Id of the rule that says so'), strength, polarity });

/** Why something could not be seen. */
export const gapReason = z.enum(gapReasons).describe('Why it could not be seen');

/** Which files were not recognised, or which segments cannot be read. */
export const unread = z.looseObject({
  path: words.describe('The file, below what was named'),
  reason: words.describe('Why, in one sentence'),
});
export const damagedSegment = z.looseObject({
  key: words.describe('Key of the segment in the vault'),
  reason: words.describe('What is wrong with it'),
});
