// SPDX-License-Identifier: Apache-2.0

/** What AWS charges for one thing: `dollars` for each `per` of `unit`. */
export interface Price {
  readonly dollars: number;
  readonly per: number;
  readonly unit: string;
  /** The page of AWS where the price stands. It fills figures in by script, so none was read there by us. */
  readonly page: string;
  /** Month of the report that quotes the page, from which the figure was taken; null: from general knowledge, not checked. */
  readonly reported: string | null;
}

/** Region of the prices below, and when they were collected. They are list prices: no free tier, no tiers of volume, no discount, no tax. */
export const priceList = { region: 'us-east-1', month: '2026-11', currency: 'USD' } as const;

const page = (service: string) => `https://aws.amazon.com/${service}/pricing/`;
const unchecked = null;

/*
 * Reports: of 2026-02 on CloudWatch and of 2026-03 on SQS and EventBridge (cloudburn.io/blog), of 2026-06 on KMS and SNS (factualminds.com/blog).
 * DynamoDB's prices are those after the cut of November 2024. Compare with AWS's pages before you budget.
 */
export const prices = {
  s3Put: { dollars: 0.005, per: 1_000, unit: 'request', page: page('s3'), reported: unchecked },
  s3Get: { dollars: 0.0004, per: 1_000, unit: 'request', page: page('s3'), reported: unchecked },
  s3Storage: { dollars: 0.023, per: 1, unit: 'GB-month', page: page('s3'), reported: unchecked },
  indexWrite: { dollars: 0.625, per: 1_000_000, unit: 'write unit', page: page('dynamodb'), reported: unchecked },
  indexRead: { dollars: 0.125, per: 1_000_000, unit: 'read unit', page: page('dynamodb'), reported: unchecked },
  indexStorage: { dollars: 0.25, per: 1, unit: 'GB-month', page: page('dynamodb'), reported: unchecked },
  indexBackup: { dollars: 0.2, per: 1, unit: 'GB-month', page: page('dynamodb'), reported: unchecked },
  kmsKey: { dollars: 1, per: 1, unit: 'key', page: page('kms'), reported: '2026-06' },
  // Asymmetric keys other than RSA 2048 cost five times as much as others.
  kmsSign: { dollars: 0.15, per: 10_000, unit: 'request', page: page('kms'), reported: '2026-06' },
  // HMAC keys are not named by the report; taken as dear as signing.
  kmsRequest: { dollars: 0.15, per: 10_000, unit: 'request', page: page('kms'), reported: unchecked },
  lambdaTime: { dollars: 0.0000133334, per: 1, unit: 'GB-second', page: page('lambda'), reported: unchecked },
  lambdaRequest: { dollars: 0.2, per: 1_000_000, unit: 'request', page: page('lambda'), reported: unchecked },
  fifoRequest: { dollars: 0.5, per: 1_000_000, unit: 'request', page: page('sqs'), reported: '2026-03' },
  queueRequest: { dollars: 0.4, per: 1_000_000, unit: 'request', page: page('sqs'), reported: '2026-03' },
  schedule: { dollars: 1, per: 1_000_000, unit: 'invocation', page: page('eventbridge'), reported: '2026-03' },
  // S3's events are opt-in events and charged as custom ones, though some reports call them free; those that services send by themselves are free.
  optInEvent: { dollars: 1, per: 1_000_000, unit: 'event', page: page('eventbridge'), reported: '2026-03' },
  logIngestion: { dollars: 0.5, per: 1, unit: 'GB', page: page('cloudwatch'), reported: '2026-02' },
  logStorage: { dollars: 0.03, per: 1, unit: 'GB-month', page: page('cloudwatch'), reported: unchecked },
  metric: { dollars: 0.3, per: 1, unit: 'metric', page: page('cloudwatch'), reported: '2026-02' },
  alarm: { dollars: 0.1, per: 1, unit: 'alarm', page: page('cloudwatch'), reported: unchecked },
  notification: { dollars: 2, per: 100_000, unit: 'mail', page: page('sns'), reported: '2026-06' },
} as const satisfies Readonly<Record<string, Price>>;

/** Name of a price. */
export type PriceName = keyof typeof prices;
