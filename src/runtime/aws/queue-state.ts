// SPDX-License-Identifier: Apache-2.0
import { GetQueueAttributesCommand, type QueueAttributeName, SQSClient } from '@aws-sdk/client-sqs';
import type { QueueState } from '../home.ts';
import { awsFailure } from './aws-error.ts';
import type { AwsClientConfig } from './aws-home.ts';
import type { StackOutputs } from './stack-outputs.ts';

const asked = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
] as const satisfies QueueAttributeName[];
type Counts = Readonly<Record<(typeof asked)[number], number>>;

/** Depth of every queue of the home. A queue that cannot be asked says why and hides nothing of the others. */
export async function readQueueStates(
  { queues, homeQueues }: Pick<StackOutputs, 'queues' | 'homeQueues'>,
  config: AwsClientConfig,
): Promise<QueueState[]> {
  const client = new SQSClient(config);
  try {
    const rows = Object.entries(queues).flatMap(([source, { queue, deadLetters, events, eventsDeadLetters }]) => [
      readOne(client, { source, of: 'runs' }, queue, deadLetters),
      ...(events === undefined ? [] : [readOne(client, { source, of: 'events' }, events, eventsDeadLetters)]),
    ]);
    const own = Object.entries(homeQueues).map(([source, { queue, deadLetters }]) =>
      readOne(client, { source, of: queue === undefined ? 'failures' : 'notices' }, queue, deadLetters),
    );
    return await Promise.all([...rows, ...own]);
  } finally {
    client.destroy();
  }
}

async function readOne(
  client: SQSClient,
  row: Pick<QueueState, 'source' | 'of'>,
  url: string | undefined,
  deadLettersUrl: string | undefined,
): Promise<QueueState> {
  const [own, dead] = await Promise.all([
    url === undefined ? nothing : read(client, url),
    deadLettersUrl === undefined ? null : read(client, deadLettersUrl),
  ]);
  const problems = [own, dead].flatMap((one) => (one !== null && 'problem' in one ? [one.problem] : []));
  return {
    ...row,
    waiting: 'counts' in own ? own.counts.ApproximateNumberOfMessages + own.counts.ApproximateNumberOfMessagesDelayed : null,
    inFlight: 'counts' in own ? own.counts.ApproximateNumberOfMessagesNotVisible : null,
    // What lies in a dead-letter queue counts whether somebody is looking at it or not.
    deadLetters: dead !== null && 'counts' in dead ? sum(Object.values(dead.counts)) : null,
    problem: problems[0] ?? null,
  };
}

/** Of a queue that only keeps what failed, nothing waits to be taken. */
const nothing = {
  counts: { ApproximateNumberOfMessages: 0, ApproximateNumberOfMessagesDelayed: 0, ApproximateNumberOfMessagesNotVisible: 0 },
} as const;

async function read(client: SQSClient, url: string): Promise<{ readonly counts: Counts } | { readonly problem: string }> {
  try {
    const { Attributes: found } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...asked] }));
    const count = (name: (typeof asked)[number]) => Number(found?.[name] ?? 0);
    return {
      counts: {
        ApproximateNumberOfMessages: count('ApproximateNumberOfMessages'),
        ApproximateNumberOfMessagesDelayed: count('ApproximateNumberOfMessagesDelayed'),
        ApproximateNumberOfMessagesNotVisible: count('ApproximateNumberOfMessagesNotVisible'),
      },
    };
  } catch (cause) {
    return { problem: awsFailure('sqs:GetQueueAttributes', url, cause).message };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
