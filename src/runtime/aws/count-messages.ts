// SPDX-License-Identifier: Apache-2.0
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsClientConfig } from './aws-home.ts';
import type { Telemetry } from './telemetry.ts';

const states = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesDelayed', 'ApproximateNumberOfMessagesNotVisible'] as const;

/** Messages of several queues together, whether somebody is looking at them or not; null, and a line that says why, where one does not answer. */
export async function countMessages(
  urls: readonly string[],
  config: AwsClientConfig,
  telemetry: Pick<Telemetry, 'problem'>,
): Promise<number | null> {
  const client = new SQSClient(config);
  try {
    const counts = await Promise.all(urls.map((url) => countOf(client, url)));
    return counts.reduce((sum, one) => sum + one, 0);
  } catch (error) {
    telemetry.problem('queues not counted', { queues: urls.length }, error);
    return null;
  } finally {
    client.destroy();
  }
}

async function countOf(client: SQSClient, url: string): Promise<number> {
  const { Attributes: found } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...states] }));
  return states.reduce((sum, name) => sum + Number(found?.[name] ?? 0), 0);
}
