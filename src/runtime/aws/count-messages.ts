// SPDX-License-Identifier: Apache-2.0
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsClientConfig } from './aws-home.ts';
import type { Telemetry } from './telemetry.ts';

const states = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesDelayed', 'ApproximateNumberOfMessagesNotVisible'] as const;

/** Messages of each queue by its name, whether somebody is looking at them or not; null, and a line that says why, where one does not answer. */
export async function countMessages(
  urls: Readonly<Record<string, string>>,
  config: AwsClientConfig,
  telemetry: Pick<Telemetry, 'problem'>,
): Promise<ReadonlyMap<string, number | null>> {
  const client = new SQSClient(config);
  const count = async (queue: string, url: string) => {
    try {
      return await countOf(client, url);
    } catch (error) {
      telemetry.problem('queue not counted', { queue }, error);
      return null;
    }
  };
  try {
    return new Map(await Promise.all(Object.entries(urls).map(async ([name, url]) => [name, await count(name, url)] as const)));
  } finally {
    client.destroy();
  }
}

async function countOf(client: SQSClient, url: string): Promise<number> {
  const { Attributes: found } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...states] }));
  return states.reduce((sum, name) => sum + Number(found?.[name] ?? 0), 0);
}
