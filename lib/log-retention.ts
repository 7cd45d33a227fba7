// SPDX-License-Identifier: Apache-2.0
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

const allowed = Object.values(RetentionDays).filter((value) => typeof value === 'number');

/** CloudWatch Logs keeps for certain numbers of days only; the next longer one is taken, so that nothing is lost sooner than asked for. */
export function logRetention(days: number): RetentionDays {
  return allowed.filter((value) => value >= days).sort((a, b) => a - b)[0] ?? RetentionDays.INFINITE;
}
