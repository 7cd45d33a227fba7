// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { sourceIds } from '../evidence/observation.ts';
import { text } from './text-limits.ts';

/** Types that a fact can have. */
const factTypes = ['boolean', 'integer', 'number', 'string', 'list of strings', 'list of numbers and strings', 'list of objects'] as const;

const oneOrMore = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** Definition of one fact: a value that patterns may read beside the raw answer. */
const factSchema = z.strictObject({
  type: z.enum(factTypes),
  /** All values it can take, where they are few. */
  values: z.array(z.string().min(1)).min(2).optional(),
  /** When it is not set. Without this, what `computed` says of its kind of observation holds always. */
  absent: text('line').optional(),
  meaning: text('line'),
  computed: text('definition'),
  /** Fields, answers and other facts that it comes from. */
  from: z.array(z.string().min(1)).min(1),
  window: text('line').optional(),
  note: text('note').optional(),
  /** Where facts about AWS in the tables come from. */
  source: text('note').optional(),
  /** Tables it is computed with; an id may stand for more than one. */
  tables: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
  codes: z.record(z.string(), z.string().min(1)).optional(),
  odd: z.record(z.string(), z.string().min(1)).optional(),
  retired: z.record(z.string(), text('line')).optional(),
  renamed: z.record(z.string(), text('line')).optional(),
});

/** Facts of one source, or of the engine, which sets them for every source. */
export const factFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/facts/1'),
  source: z.enum([...sourceIds, 'engine']),
  facts: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'a camelCase name'), factSchema),
});

export type Fact = z.infer<typeof factSchema>;
export type FactFile = z.infer<typeof factFileSchema>;
