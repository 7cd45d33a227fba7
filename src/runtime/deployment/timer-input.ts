// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { sourceIds } from '../../evidence/observation.ts';

/** EventBridge Scheduler puts the time that a timer was due in place of this, ISO 8601 UTC; alike on every retry of one firing. */
export const scheduledTimePlaceholder = '<aws.scheduler.scheduled-time>';

const minuteMs = 60_000;

/**
 * The time that a timer was due. An emulator may leave the placeholder as it is: the beginning of the present minute then stands for the time,
 * so that a retry in the same minute still plans the same.
 */
const scheduledAt = z.union([
  z.iso.datetime(),
  z.literal(scheduledTimePlaceholder).transform(() => new Date(Math.floor(Date.now() / minuteMs) * minuteMs).toISOString()),
]);

/** What wakes `plan`: one source is due. */
export const planTimerSchema = z.strictObject({ source: z.enum(sourceIds), scheduledAt });
/** What wakes `seal`: look at the days still written to, or at every segment and its versions. */
export const sealTimerSchema = z.strictObject({ extent: z.enum(['open-days', 'everything']), scheduledAt });
/** What wakes `self-audit`: the nightly comparison, or a person who wants the index filled again from the vault. */
export const auditTimerSchema = z.strictObject({ task: z.enum(['audit', 'rebuild']), scheduledAt });

export type PlanTimer = z.infer<typeof planTimerSchema>;
export type SealTimer = z.infer<typeof sealTimerSchema>;
export type AuditTimer = z.infer<typeof auditTimerSchema>;
