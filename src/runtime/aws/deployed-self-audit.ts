// SPDX-License-Identifier: Apache-2.0
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { replaceDynamoDbIndex } from '../../evidence-index/dynamodb-replacement.ts';
import { removeRetired } from '../../evidence-index/dynamodb-retired.ts';
import { isAiResourceType } from '../../mapping/ai-resource-type.ts';
import { eventDeliveryGaps } from '../../sources/report/event-delivery.ts';
import { envNames } from '../deployment/env-names.ts';
import { countMessages } from './count-messages.ts';
import { clientConfig, deployedHome, deployedRecording, deployedTelemetry, variable } from './deployed.ts';
import type { FunctionHandler } from './function-chain.ts';
import { lazily } from './lazily.ts';
import { organizationAccounts } from './organization-accounts.ts';
import { type SelfAuditAnswer, type SelfAuditParts, selfAuditHandler } from './self-audit-handler.ts';

/** `self-audit` as deployed: opens its home when it is called first. */
export function deployedSelfAudit(): FunctionHandler<SelfAuditAnswer> {
  const open = lazily(async (): Promise<SelfAuditParts> => {
    const recording = await deployedRecording(deployedHome());
    const urls = z.record(z.string(), z.url()).parse(JSON.parse(variable(envNames.deadLetters)));
    const options = { client: new DynamoDBClient(clientConfig), table: variable(envNames.table), isAiResource: isAiResourceType };
    return {
      ...recording,
      listAccounts: (asked) => organizationAccounts(clientConfig, asked),
      replaceIndex: (fill) => replaceDynamoDbIndex(options, fill),
      removeRetired: (isTimeLeft) => removeRetired(options, isTimeLeft),
      // The sample account has no bucket whose settings could be asked for.
      deliveryGaps: (region, buckets) =>
        eventDeliveryGaps({ region, clientConfig, channel: 'api' }, recording.kind === 'real' ? buckets : []),
      countDeadLetters: () => countMessages(urls, clientConfig, recording.telemetry),
    };
  });
  return selfAuditHandler(deployedTelemetry, open);
}
