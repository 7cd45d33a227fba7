// SPDX-License-Identifier: Apache-2.0
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Source, SourceSettings } from '../../sources/source.ts';
import { envNames } from '../deployment/env-names.ts';
import { accountAccess, sampleAccess } from './account-access.ts';
import { collectorHandler } from './collector-handler.ts';
import { clientConfig, deployedHome, deployedRecording, deployedTelemetry, variable } from './deployed.ts';
import type { FunctionHandler } from './function-chain.ts';
import { FunctionError } from './function-error.ts';
import { lazily } from './lazily.ts';
import { memberAccess } from './member-access.ts';
import { inOpenRegions } from './open-regions.ts';
import type { BatchAnswer } from './queue-event.ts';
import { sqsRunQueue } from './sqs-run-queue.ts';

/** A collector as deployed: opens its home when it is called first. One source, so that the bundle holds one source's SDK client. */
export function deployedCollector(createSource: (settings: SourceSettings) => Source): FunctionHandler<BatchAnswer> {
  const open = lazily(async () => {
    const recording = await deployedRecording(deployedHome());
    const { configuration, declarations, pack } = recording;
    const source = createSource({ tables: pack.tables, declarations });
    const endpoint = process.env[envNames.sourceEndpoint];
    // A home never holds both: what is served at an endpoint of one's own is not what AWS said.
    if ((endpoint === undefined) !== (recording.kind === 'real')) {
      throw new FunctionError('FUNCTION_INCOMPLETE', `refusing to read ${endpoint ?? 'AWS'} into a home of kind ${recording.kind}`);
    }
    return {
      ...recording,
      source,
      connect: inOpenRegions(endpoint === undefined ? accountAccess(memberAccess(source, configuration)) : sampleAccess(endpoint)),
      queue: sqsRunQueue({ client: new SQSClient(clientConfig), urlOf: () => variable(envNames.queue) }),
    };
  });
  return collectorHandler(deployedTelemetry, open);
}
