// SPDX-License-Identifier: Apache-2.0

/** IAM actions of every method that only reads the evidence index. */
export const indexReadActions = ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Query'] as const;

/**
 * IAM actions of `apply`, beside those of reading. A transaction needs the actions of what it is made of and none of its own:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html, read 2026-11.
 */
export const indexWriteActions = ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'] as const;

/** IAM action of replacing an index by a new one, beside those of reading and writing: the old items are found by a scan. */
export const indexReplaceActions = ['dynamodb:Scan'] as const;

type Actions = readonly ((typeof indexReadActions)[number] | (typeof indexWriteActions)[number] | (typeof indexReplaceActions)[number])[];

/** What each method of the index calls. A test holds this against the calls that are made. */
export const indexMethodActions = {
  open: ['dynamodb:GetItem'],
  apply: [...indexReadActions, ...indexWriteActions],
  hasSegment: ['dynamodb:GetItem'],
  segments: ['dynamodb:Query'],
  locate: ['dynamodb:BatchGetItem'],
  list: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  entry: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  idsWithPrefix: ['dynamodb:Query'],
  series: ['dynamodb:Query'],
  counts: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  countsByDay: ['dynamodb:Query'],
  totals: ['dynamodb:Query'],
  accountsWithAi: ['dynamodb:Query'],
  openGaps: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  unfinishedPlans: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
  replace: [...indexReadActions, ...indexWriteActions, ...indexReplaceActions],
} as const satisfies Readonly<Record<string, Actions>>;
