// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { observationKinds } from '../evidence/observation.ts';
import { nearestIds } from './control-id.ts';
import { type IdKind, standardIds } from './standard-ids.ts';
import { text } from './text-limits.ts';

/** How far automation reaches for an item: AWS data is direct evidence for most, or part of it, or only informs, or says nothing. */
const automationLevels = ['high', 'some', 'assist', 'none'] as const;
export type Automation = (typeof automationLevels)[number];

// The form of an id, for editors and so that a slip is told at its line; that the id exists is checked over all files.
const idOf = (form: RegExp, what: string, kinds: readonly IdKind[]) => {
  const valid = kinds.flatMap((kind) => standardIds[kind]);
  const error = ({ input }: { readonly input?: unknown }) =>
    `${input} is no ${what}; nearest: ${nearestIds(String(input), valid).join(', ')}`;
  return z.string().regex(form, { error });
};
const clauseId = idOf(/^([4-9]|10)(\.\d{1,2}){0,2}$/, 'clause such as 9.2.1', ['assessable clause', 'heading of clauses']);
const annexId = idOf(/^A\.([2-9]|10)(\.\d{1,2}){1,2}$/, 'Annex A id such as A.6.2.4', ['objective', 'control']);
const groupId = idOf(/^A\.([2-9]|10)(\.[12])?$/, 'section such as A.6 or A.6.2', ['section', 'group of controls']);

const evidence = z.strictObject({
  automatic: z.array(z.strictObject({ source: text('line'), what: text('line'), kind: z.enum(observationKinds) })),
  manual: z.array(text('line')).min(1),
});
const auditor = z.strictObject({ sufficiency: text('line'), freshness: text('line'), period: text('line') });

const assessed = {
  title: text('title'),
  assessable: z.literal(true),
  /** What the item asks, in our words. */
  asks: text('sentence'),
  automation: z.enum(automationLevels),
  evidence,
  /** What an auditor asks of the evidence: enough, how new, over which time. */
  auditor,
  /** Why no rule of the pack reaches the item; absent where one does. */
  no_rule_because: text('sentence').optional(),
};
const heading = z.strictObject({ id: clauseId, title: text('title'), parent: clauseId.optional(), assessable: z.literal(false) });
const leaf = z.strictObject({ id: clauseId, parent: clauseId, ...assessed });

/** One file per top clause, 4 to 10: headings and the leaves that are assessed. */
export const clauseFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/catalog-clauses/1'),
  clauses: z.array(z.discriminatedUnion('assessable', [heading, leaf])).min(2),
});

/** One file per section of Annex A: its objectives (number .1) and controls (from .2). */
export const annexFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/catalog-annex/1'),
  section: z.strictObject({ id: groupId, title: text('title') }),
  objectives: z.array(z.strictObject({ id: annexId, group: groupId, title: text('title'), aim: text('sentence') })).min(1),
  controls: z.array(z.strictObject({ id: annexId, parent: groupId, ...assessed })).min(1),
});

/** What the catalogue is about, how it was checked, what its words mean. */
export const standardFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/catalog-standard/1'),
  standard: z.strictObject({
    id: z.literal('iso-iec-42001'),
    number: text('title'),
    edition: text('title'),
    title: text('line'),
    text_policy: text('sentence'),
  }),
  counts: z.strictObject({
    clause_nodes: z.int(),
    clause_top_level: z.int(),
    clause_second_level: z.int(),
    clause_third_level: z.int(),
    clause_leaves_assessable: z.int(),
    annex_a_sections: z.int(),
    annex_a_objective_statements: z.int(),
    annex_a_controls: z.int(),
    note: text('note'),
  }),
  annexes: z.array(
    z.strictObject({ id: z.enum(['A', 'B', 'C', 'D']), title: text('title'), status: text('line'), agreement: text('line') }),
  ),
  source_agreement: z.strictObject({
    sources: z.array(text('line')),
    unanimous: text('line'),
    title_variants: z.array(z.strictObject({ id: text('title'), used: text('title'), also: text('line') })),
  }),
  automation_levels: z.strictObject({ high: text('line'), some: text('line'), assist: text('line'), none: text('line') }),
});

export type ClauseFile = z.infer<typeof clauseFileSchema>;
export type AnnexFile = z.infer<typeof annexFileSchema>;
export type StandardFile = z.infer<typeof standardFileSchema>;
