// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { polarities, strengths } from '../../evidence/claim.ts';
import { count, gapReason, instant, polarity, sourceName, strength, words } from './member-shapes.ts';
import { openGap } from './record-list-shapes.ts';

const byPolarity = z.partialRecord(z.enum(polarities), count);
const byStrength = z.looseObject({ direct: byPolarity, partial: byPolarity, context: byPolarity });
const standings = [...strengths, 'none'] as const;

const item = z.looseObject({
  id: words.describe('Clause or control'),
  kind: z.enum(['clause', 'control']),
  title: words,
  section: words.describe('Clause (`9`) or section of Annex A (`A.6`) that it lies in'),
  automation: z.enum(['high', 'some', 'assist', 'none']).describe('How far AWS data can reach at all'),
  evidence: z.enum(standings).describe('Strongest evidence that stands now: how well something is seen, not that it is in order'),
  observations: byStrength.describe('Every record that claims it, by strength and polarity; a polarity that none has is absent'),
  findings: byStrength.describe('Distinct findings in their newest state, and one-off events, counted alike'),
  newest: instant.nullable().describe('Time of the newest record that claims it'),
  gaps: z
    .array(z.looseObject({ source: sourceName, reason: gapReason, open: count.describe('How many gaps are open') }))
    .describe('What could not be seen, of the sources whose rules feed it'),
  sources: z.array(sourceName).describe('Sources whose rules feed it'),
  person: z
    .looseObject({ hint: words.describe('In one sentence'), supply: z.array(z.string()).describe('Evidence that a person must supply') })
    .describe('What AWS data cannot show'),
});

const section = z.looseObject({
  id: words.describe('Clause `4` … `10` or section `A.2` … `A.10`'),
  title: words,
  items: count.describe('How many items it has'),
  evidence: z
    .looseObject({ direct: count, partial: count, context: count, none: count })
    .describe('Items by the strongest evidence that stands; together all items'),
  withExceptions: count.describe('Items with a direct or partial exception that stands'),
  withReviews: count.describe('Items with a direct or partial finding that waits for a person'),
  withMissingEvidence: count.describe('Items of which expected evidence is missing'),
  withOpenGaps: count.describe('Items fed by a source of which something could not be seen'),
  forPeopleOnly: count.describe('Items that only people can show'),
  newest: instant.nullable().describe('Time of the newest record'),
});

const unknownClaim = z.looseObject({
  control: words.describe('Id that the catalogue does not have'),
  strength,
  polarity,
  observations: count.describe('Records that claim it'),
  findings: count.describe('Distinct findings in their newest state'),
  newest: instant.describe('Time of the newest'),
});

/** What is known of every clause and control, and what could not be seen. No figure adds it all up. */
export const controlsShape = z.looseObject({
  sections: z.array(section),
  items: z.array(item).describe('The 32 clauses and 38 controls that are assessed'),
  unknown: z
    .array(unknownClaim)
    .describe('Claims of controls that the catalogue does not have (records of another pack): shown, never dropped'),
  gaps: z.array(openGap).describe('Every open gap, as `aims gaps` prints it'),
});
