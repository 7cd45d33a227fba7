// SPDX-License-Identifier: Apache-2.0

/** What AWS charges for one thing: `dollars` for each `per` of `unit`. */
export interface Price {
  readonly dollars: number;
  readonly per: number;
  readonly unit: string;
  /** The page of AWS that says so. */
  readonly page: string;
}

/** Region and month of the prices below. They are list prices: no free tier, no tiers of volume, no discount, no tax. */
export const priceList = { region: 'us-east-1', month: '2026-11', currency: 'USD' } as const;

const page = (service: string) => `https://aws.amazon.com/${service}/pricing/`;

/*
 * AWS's pages fill most figures in by script, so those of DynamoDB, Lambda, SQS and S3 were read in reports of 2025 and 2026 that quote the page;
 * check them before you budget. DynamoDB's are those after the price cut of November 2024.
 */
export const prices = {
  s3Put: { dollars: 0.005, per: 1_000, unit: 'request', page: page('s3') },
  s3Get: { dollars: 0.0004, per: 1_000, unit: 'request', page: page('s3') },
  s3Storage: { dollars: 0.023, per: 1, unit: 'GB-month', page: page('s3') },
  indexWrite: { dollars: 0.625, per: 1_000_000, unit: 'write unit', page: page('dynamodb') },
  indexRead: { dollars: 0.125, per: 1_000_000, unit: 'read unit', page: page('dynamodb') },
  indexStorage: { dollars: 0.25, per: 1, unit: 'GB-month', page: page('dynamodb') },
  indexBackup: { dollars: 0.2, per: 1, unit: 'GB-month', page: page('dynamodb') },
  kmsKey: { dollars: 1, per: 1, unit: 'key', page: page('kms') },
  kmsSign: { dollars: 0.15, per: 10_000, unit: 'request', page: page('kms') },
  kmsRequest: { dollars: 0.03, per: 10_000, unit: 'request', page: page('kms') },
  lambdaTime: { dollars: 0.0000133334, per: 1, unit: 'GB-second', page: page('lambda') },
  lambdaRequest: { dollars: 0.2, per: 1_000_000, unit: 'request', page: page('lambda') },
  fifoRequest: { dollars: 0.5, per: 1_000_000, unit: 'request', page: page('sqs') },
  queueRequest: { dollars: 0.4, per: 1_000_000, unit: 'request', page: page('sqs') },
  schedule: { dollars: 1, per: 1_000_000, unit: 'invocation', page: page('eventbridge') },
  // S3's events are opt-in events and charged; those that services send by themselves are free.
  optInEvent: { dollars: 1, per: 1_000_000, unit: 'event', page: page('eventbridge') },
  logIngestion: { dollars: 0.5, per: 1, unit: 'GB', page: page('cloudwatch') },
  logStorage: { dollars: 0.03, per: 1, unit: 'GB-month', page: page('cloudwatch') },
  metric: { dollars: 0.3, per: 1, unit: 'metric', page: page('cloudwatch') },
  alarm: { dollars: 0.1, per: 1, unit: 'alarm', page: page('cloudwatch') },
  notification: { dollars: 2, per: 100_000, unit: 'mail', page: page('sns') },
} as const satisfies Readonly<Record<string, Price>>;

/** Name of a price. */
export type PriceName = keyof typeof prices;
