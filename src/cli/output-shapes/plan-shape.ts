// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { amount, count, sourceName, words } from './member-shapes.ts';

const grants = z
  .array(
    z.looseObject({
      actions: z.array(words).describe('IAM actions'),
      on: z.json().describe('What they are granted on: a part of the stack by name, or one member that names a place outside'),
      why: words.describe('Why that is no more than is needed'),
    }),
  )
  .describe('All that the role may do');

const collected = z.looseObject({
  source: sourceName,
  title: words,
  schedule: words.describe('EventBridge Scheduler expression'),
  runsPerDay: amount,
  overlapHours: amount.describe('How far each window reaches back into the one before'),
  reachDays: amount.describe('How far back AWS keeps it'),
  fullSweepDays: amount.describe('Days between runs that read all that AWS keeps'),
  events: count.describe('EventBridge rules that bring it in near real time beside'),
});

const kept = z.looseObject({
  lockMode: z.enum(['GOVERNANCE', 'COMPLIANCE', 'NONE']).describe('`NONE`: a `dev` deployment locks nothing'),
  retentionDays: count,
  firstWritten: z.iso.date().describe('Day of the first object'),
  deletableFrom: z.iso.date().describe('First day on which that object can be deleted'),
  what: words.describe('What is kept, in words'),
  who: words.describe('Who can delete it before, in words'),
});

const workload = z.looseObject({
  scopes: count.describe('Accounts × Regions'),
  plans: amount.describe('Invocations of the planner'),
  runs: count.describe('One source in one account and Region, once'),
  runBatches: amount.describe('Invocations that take runs from a queue'),
  newRecords: count.describe('Records that are new'),
  recordsOf: z.record(z.string(), amount).describe('The same by source'),
  itemsRead: amount.describe('Items read, most of them known already'),
  lookupPages: amount.describe('Pages of CloudTrail’s LookupEvents'),
  logFiles: amount.describe('Log files fetched from trail buckets'),
  events: amount.describe('Messages of EventBridge rules'),
  eventBatches: amount.describe('Invocations that take these'),
  forwarded: amount.describe('Events that other accounts or Regions forward'),
  segments: count.describe('Segments written'),
  confirmations: amount.describe('Segments looked for in the vault before what they hold is left out'),
  ownRecords: amount.describe('Plans and receipts'),
  seals: amount.describe('Seals that find something new'),
});

const line = z.looseObject({
  service: words,
  what: words,
  because: words.describe('How the quantity comes about'),
  price: words.describe('Name of the price, in `prices.of`'),
  quantity: amount.describe('Units of that price'),
  dollars: amount.describe('A month’s'),
});

const price = z.looseObject({
  dollars: amount,
  per: z.int().min(1).describe('For so many units'),
  unit: words,
  page: z.url().describe('Page of AWS where the price stands'),
  reported: z.string().nullable().describe('Month of the report that the figure is from; null: not checked'),
});

/** `aims plan --json` */
export const planShape = z
  .looseObject({
    configuration: z.string().nullable().describe('File that it was read from; null for the defaults'),
    accounts: z.looseObject({
      from: z.enum(['own account', 'list', 'organization', 'organizational units']),
      count,
      note: z.string().nullable().describe('Said where the configuration does not tell the count'),
    }),
    regions: z.array(z.string()).describe('Empty: the stack’s own'),
    collects: z.array(collected),
    keeps: kept.describe('What becomes undeletable'),
    roles: z.array(
      z.looseObject({
        name: words.describe('Function that has the role'),
        purpose: words,
        grants,
        denies: z.array(words).min(1).describe('Refused whatever is granted later'),
      }),
    ),
    memberRole: z
      .looseObject({ name: words, grants })
      .nullable()
      .describe('Role in each other account; null where only the own one is read'),
    missing: z
      .array(
        z.looseObject({
          setting: words.describe('Setting that is not there'),
          consequence: words,
          gaps: z.boolean().describe('Whether gaps will say so'),
        }),
      )
      .describe('What will not be collected'),
    assumptions: z
      .record(z.string(), z.looseObject({ value: amount, unit: words, why: words }))
      .describe('What the estimate takes for granted, by name; each can be set with `--assume`'),
    work: workload.describe('What a month of thirty days brings'),
    costs: z.array(line).describe('The month’s bill, line by line'),
    total: amount.describe('Dollars a month'),
    recordCosts: z
      .array(z.looseObject({ what: words, thousand: amount.describe('Dollars per thousand'), million: amount.describe('… per million') }))
      .describe('What records cost by their number'),
    prices: z.looseObject({
      region: words.describe('Region of the list prices'),
      month: z
        .string()
        .regex(/^\d{4}-\d{2}$/)
        .describe('When they were collected'),
      currency: z.literal('USD'),
      of: z.record(z.string(), price).describe('Prices by name'),
    }),
  })
  .refine(({ costs, prices }) => costs.every(({ price: name }) => name in prices.of), 'every line names a price');
