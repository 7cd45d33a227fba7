// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { strengths } from '../evidence/claim.ts';
import type { Json, JsonObject } from '../evidence/json.ts';
import { observationKinds, sourceIds } from '../evidence/observation.ts';
import { rulePolarities, ruleSubjects } from '../mapping/pack.ts';
import { text } from './text-limits.ts';

const json: z.ZodType<Json> = z.json();

/** Shape of an EventBridge event pattern: objects down to non-empty arrays. What stands in the arrays is the pattern compiler's to judge. */
const patternSchema: z.ZodType<JsonObject> = z.record(z.string().min(1), z.union([z.array(json).min(1), z.lazy(() => patternSchema)]));

/** An observation as an example shows it: what patterns read, and no more than the rule needs. */
const exampleSchema = z.strictObject({
  source: z.enum(sourceIds),
  kind: z.enum(observationKinds),
  account: z.string().optional(),
  region: z.string().optional(),
  detail: z.record(z.string(), json).optional(),
  facts: z.record(z.string(), json).optional(),
});

// ISO/IEC 27001:2022 has clauses 4 to 10 and, in Annex A, 37 + 8 + 14 + 34 controls.
const iso27001 = z
  .string()
  .regex(
    /^(A\.(5\.([1-9]|[12]\d|3[0-7])|6\.[1-8]|7\.([1-9]|1[0-4])|8\.([1-9]|[12]\d|3[0-4]))|([4-9]|10)(\.\d)*)$/,
    'an ISO/IEC 27001:2022 id',
  );

/** One mapping rule as a person writes it. */
const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+([.-][a-z0-9]+)*$/, 'lower-case words joined by . and -'),
  title: text('title'),
  pattern: patternSchema,
  controls: z
    .array(z.strictObject({ control: z.string().min(1), strength: z.enum(strengths), polarity: z.enum(rulePolarities).optional() }))
    .min(1),
  polarity: z.enum(rulePolarities),
  /** What must be in scope for the rule to count at its strength: the resource, any AI system in the account, or nothing beyond the declared store. */
  subject: z.enum(ruleSubjects).default('resource'),
  evidence: z.enum(observationKinds),
  why: text('sentence'),
  iso27001: z.array(iso27001).min(1).optional(),
  /** Facts that the rule rests on, for the reader. */
  facts: z.array(z.string().min(1)).min(1).optional(),
  /** What stays unverified. */
  note: text('note').optional(),
  matches: z.array(exampleSchema).min(1),
  misses: z.array(exampleSchema).min(1),
});

/** A file of rules that share a source and a `where`. */
export const ruleFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/rules/1'),
  source: z.enum(sourceIds),
  title: z.string().min(1).max(120),
  /** Shared by the rules of the file; a key that a rule's own pattern names replaces it. */
  where: patternSchema,
  rules: z.array(ruleSchema).min(1),
});

export type RuleSource = z.infer<typeof ruleSchema>;
export type RuleFile = z.infer<typeof ruleFileSchema>;
