// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { sourceIds } from '../../evidence/observation.ts';

/** EventBridge Scheduler puts the time that a timer was due in place of this, ISO 8601 UTC; alike on every retry of one firing. */
export const scheduledTimePlaceholder = '<aws.scheduler.scheduled-time>';

const scheduledAt = z.iso.datetime();

/** What wakes `plan`: one source is due. */
export const planTimerSchema = z.strictObject({ source: z.enum(sourceIds), scheduledAt });
/** What wakes `seal`: look at the days still written to, or at every segment and its versions. */
export const sealTimerSchema = z.strictObject({ extent: z.enum(['open-days', 'everything']), scheduledAt });
/** What wakes `self-audit`: the nightly comparison, or a person who wants the index filled again from the vault. */
export const auditTimerSchema = z.strictObject({ task: z.enum(['audit', 'rebuild']), scheduledAt });

export type PlanTimer = z.infer<typeof planTimerSchema>;
export type SealTimer = z.infer<typeof sealTimerSchema>;
export type AuditTimer = z.infer<typeof auditTimerSchema>;
