// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { calendarDate } from './calendar-date.ts';

const account = z.string().regex(/^\d{12}$/, 'an AWS account id of 12 digits');

/** One AI system in scope, and how its resources are told: tag values, ARN patterns (`*` stands for any text), whole accounts. */
const aiSystem = z.strictObject({
  name: z.string().min(1),
  owner: z.string().min(1),
  tags: z.array(z.string().min(1)).default([]),
  arns: z.array(z.string().min(1)).default([]),
  accounts: z.array(account).default([]),
});

/** Which AI systems the management system covers. A person approves and dates it; everything in it is optional but the schema. */
export const scopeFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/scope/1'),
  approvedBy: z.string().min(1).optional(),
  approvedOn: calendarDate.optional(),
  /** Tag key whose value names the AI system of a resource. */
  tagKey: z.string().min(1).default('ai-system'),
  aiSystems: z.array(aiSystem).default([]),
  /** ARNs, bucket names or backup vault names that hold records of the management system; `*` stands for any text. */
  recordStores: z.array(z.string().min(1)).default([]),
  /** Monitors that stand in for SageMaker Model Monitor, which is closed to new customers since 2026-07-30. */
  replacementMonitors: z
    .array(
      z.strictObject({
        aiSystem: z.string().min(1),
        kind: z.enum(['report-prefix', 'mlflow-experiment', 'cloudwatch-alarms']),
        at: z.string().min(1),
      }),
    )
    .default([]),
});
export type ScopeFile = z.infer<typeof scopeFileSchema>;

const limit = z.strictObject({
  aiSystem: z.string().min(1).optional(),
  section: z.string().min(1),
  metric: z.string().min(1),
  group: z.string().optional(),
  score: z.string().optional(),
  /** `within-distance` is the largest distance from the metric's neutral value (1 for DI, 0 for all other bias metrics). */
  operator: z.enum(['<', '<=', '>', '>=', 'between', 'within-distance']),
  value: z.union([z.number(), z.tuple([z.number(), z.number()])]),
  allowInfinite: z.boolean().default(false),
});

/** Limits that a person approved and dated: without one, a metric waits for review. */
export const thresholdsFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/thresholds/1'),
  approvedBy: z.string().min(1),
  approvedOn: calendarDate,
  metrics: z.array(limit).default([]),
  /** Longest time, in days, that a failed check of a severity (and control, if given) may stay open. */
  treatment: z
    .array(
      z.strictObject({
        severity: z.enum(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
        controlId: z.string().min(1).optional(),
        days: z.int().positive(),
      }),
    )
    .default([]),
});
export type ThresholdsFile = z.infer<typeof thresholdsFileSchema>;

/** Files, by SHA-256, that a named person approved on a date: baselines of monitors above all. */
export const approvalsFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/approvals/1'),
  approvals: z.array(
    z.strictObject({
      sha256: z.string().regex(/^[0-9a-f]{64}$/, '64 hex digits'),
      what: z.string().min(1),
      approvedBy: z.string().min(1),
      approvedOn: calendarDate,
    }),
  ),
});
export type ApprovalsFile = z.infer<typeof approvalsFileSchema>;

/** The three dated files as a run uses them; what is not configured is empty. */
export interface Declarations {
  readonly scope: ScopeFile;
  readonly thresholds: ThresholdsFile | null;
  readonly approvals: ApprovalsFile | null;
}

/** Declarations of a person who configured nothing. */
export const noDeclarations: Declarations = {
  scope: { schema: 'aims-evidence/scope/1', tagKey: 'ai-system', aiSystems: [], recordStores: [], replacementMonitors: [] },
  thresholds: null,
  approvals: null,
};
