// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { polarities } from '../../evidence/claim.ts';
import { ruleSubjects } from '../../mapping/pack.ts';
import { claim, controlId, sourceName, strength, words } from './member-shapes.ts';

const ruleId = words.describe('Id of the rule');
const title = words.describe('Title of the rule');
const automation = z.enum(['high', 'some', 'assist', 'none']).describe('How far AWS data can reach');

const match = z.looseObject({
  rule: ruleId,
  title,
  subject: z.enum(ruleSubjects).describe('Whose being in scope decides whether it counts'),
  controls: z.array(
    z.looseObject({
      control: controlId,
      strength,
      polarity: z.enum([...polarities, 'ignore']).describe('As decided for this item, before scope; `ignore` claims nothing'),
    }),
  ),
  why: words.describe('The rule’s reason'),
});

/** `aims explain FILE --json` */
export const explainShape = z.looseObject({
  observations: z.array(
    z.looseObject({
      source: sourceName,
      title: z.string(),
      inScope: z.boolean().describe('Whether it is about an AI system in scope'),
      aiSystems: z.array(z.string()).describe('Which, by name'),
      facts: z.record(z.string(), z.json()).describe('What was drawn from it, as rules see it'),
      matches: z.array(match).describe('Rules that match it'),
      claims: z.array(claim).describe('What its record would claim, after scope'),
      nearMisses: z
        .array(
          z.looseObject({
            rule: ruleId,
            title,
            path: z.string().describe('The one condition that fails; empty where each holds, but not in one element of a list'),
            but: z.string().describe('The same in words'),
          }),
        )
        .describe('Rules that would match but for one condition, nearest first'),
    }),
  ),
  problems: z.array(z.string()).describe('What of the file could not be read, and why'),
});

/** `aims catalog --json` */
export const catalogShape = z.looseObject({
  items: z
    .array(z.looseObject({ id: controlId, kind: z.enum(['clause', 'control']), title: words, automation }))
    .describe('The 32 clauses and 38 controls that are assessed, in the order of the standard'),
});

const lines = z.array(words);

/** `aims catalog A.6.2.6 --json` */
export const catalogItemShape = z.looseObject({
  id: controlId,
  parent: words.describe('Clause or objective that it stands under'),
  title: words,
  assessable: z.literal(true),
  asks: words.describe('What it asks, in our words'),
  automation,
  evidence: z.looseObject({
    automatic: z
      .array(z.looseObject({ source: words.describe('Where'), what: words, kind: words.describe('Kind of record') }))
      .describe('What AWS data can show'),
    manual: lines.describe('What a person must supply'),
  }),
  auditor: z
    .looseObject({ sufficiency: words, freshness: words, period: words })
    .describe('What an auditor asks of the evidence: enough, how new, over which time'),
  no_rule_because: words.optional().describe('Why no rule reaches it; absent where one does'),
  rules: z.array(z.looseObject({ rule: ruleId, strength, title })).describe('Rules that claim it'),
});

const seedService = z.looseObject({
  service: words,
  status: words.describe('`open`, `renamed`, `closed-to-new`, …'),
  since: z.string().optional().describe('Since when'),
  now: z.string().optional().describe('Its name now'),
  replacement: z.string().optional().describe('What to take instead'),
  note: z.string().optional(),
  checked: words.describe('How the state was checked'),
  standard: z.array(controlId).describe('What its data speaks about'),
  evidence: words.describe('Kind of record'),
  why: words,
});

/** `aims catalog seed:A.12 --json` */
export const seedAliasShape = z.looseObject({
  alias: words,
  title: words,
  fit: words.describe('How the row relates to the standard, such as `renumbered` or `not-in-standard`'),
  reason: words,
  primary: z.array(controlId).describe('Where its topic lives; empty where the standard has no such control'),
  supporting: z.array(controlId).describe('Where evidence of it counts beside'),
  services: z.array(seedService).describe('Services that the row names'),
  servicesAsOf: z.iso.date().describe('Day of their state'),
});

/** `aims pattern test PATTERN EVENT --json`, and a line of `aims pattern test -` that could be answered. */
export const patternShape = z.looseObject({ matches: z.boolean().describe('The exit code is 1 where it is false, but for lines') });

/** A line of `aims pattern test -`. */
export const patternLineShape = z.union([
  patternShape,
  z.looseObject({ error: words.describe('In place of `matches`: why the line could not be answered') }),
]);
