// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { calendarDate } from '../evidence/calendar-date.ts';
import { observationKinds } from '../evidence/observation.ts';
import { text } from './text-limits.ts';

const itemIds = z.array(z.string().min(1));

/** Rows of the seed mapping; their ids live on only as aliases `seed:…`. */
export const seedRowsFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/seed-rows/1'),
  fit_values: z.record(z.string(), text('line')),
  rows: z
    .array(
      z.strictObject({
        alias: z.string().regex(/^seed:(A\.\d{1,2}|\d{1,2}(\.\d){1,2})$/, 'an alias such as seed:A.12'),
        title: text('title'),
        /** A key of `fit_values`: how the row relates to the standard. */
        fit: z.string().min(1),
        primary: itemIds,
        supporting: itemIds,
        id_means_in_the_standard: text('line'),
        reason: text('sentence'),
        not_covered: text('line').optional(),
        outside_the_standard: text('line').optional(),
        services: z
          .array(
            z.strictObject({ service: text('title'), standard: itemIds.min(1), evidence: z.enum(observationKinds), why: text('line') }),
          )
          .min(1),
      }),
    )
    .min(1),
});

/** State of a service: `closed-to-new` takes no new customers, existing ones go on. */
const serviceStatuses = ['open', 'renamed', 'moved', 'reopened', 'superseded', 'closed-to-new', 'not-a-service'] as const;

/** The services that the seed names, with their state on a day. */
export const seedServicesFileSchema = z.strictObject({
  schema: z.literal('aims-evidence/seed-services/1'),
  as_of: calendarDate,
  services: z
    .array(
      z.strictObject({
        service: text('title'),
        status: z.enum(serviceStatuses),
        /** Day from which the state holds. */
        since: calendarDate.optional(),
        /** What it is called, or where it lives, today. */
        now: text('title').optional(),
        /** What AWS or we point to instead. */
        replacement: text('line').optional(),
        note: text('sentence').optional(),
        checked: z.enum(['page', 'model', 'secondary', 'own']),
      }),
    )
    .min(1),
});

export type SeedRowsFile = z.infer<typeof seedRowsFileSchema>;
export type SeedServicesFile = z.infer<typeof seedServicesFileSchema>;
