// SPDX-License-Identifier: Apache-2.0
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { envNames } from '../deployment/env-names.ts';
import { clientConfig, deployedHome, deployedRecording, deployedTelemetry, variable } from './deployed.ts';
import type { FunctionHandler } from './function-chain.ts';
import { lazily } from './lazily.ts';
import { organizationAccounts } from './organization-accounts.ts';
import { type PlanAnswer, planHandler } from './plan-handler.ts';
import { sqsRunQueue } from './sqs-run-queue.ts';

const queuesSchema = z.record(z.string(), z.string().min(1));

/** `plan` as deployed: opens its home when it is called first. */
export function deployedPlan(): FunctionHandler<PlanAnswer> {
  const open = lazily(async () => {
    const urls = queuesSchema.parse(JSON.parse(variable(envNames.queues)));
    return {
      ...(await deployedRecording(deployedHome())),
      queue: sqsRunQueue({ client: new SQSClient(clientConfig), urlOf: (source) => urls[source] }),
      listAccounts: (asked: Parameters<typeof organizationAccounts>[1]) => organizationAccounts(clientConfig, asked),
    };
  });
  return planHandler(deployedTelemetry, open);
}
