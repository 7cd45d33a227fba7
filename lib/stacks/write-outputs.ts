// SPDX-License-Identifier: Apache-2.0
import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { EvidenceQueue } from '../constructs/evidence-queue.ts';
import type { SourceCollector } from '../constructs/source-collector.ts';
import type { EvidenceHome } from '../evidence-home.ts';

/** Queues beside those of the collectors. */
export interface OperatedQueues {
  /** Notices of new segments. */
  readonly notices: EvidenceQueue;
  /** What failed to the end and waits for a person, by a name for people. */
  readonly failures: Readonly<Record<string, IQueue>>;
}

interface HomeQueues extends OperatedQueues {
  readonly collectors: readonly SourceCollector[];
}

const unlocked = 'NOTHING IS LOCKED: a dev deployment, whose evidence anyone with the right to delete can delete and which proves nothing';

/** What `--home aws` and an operator read of a deployed stack. The names are an interface: they never change. */
export function writeOutputs(stack: Stack, home: EvidenceHome, queues: HomeQueues): void {
  const { collectors } = queues;
  const { bucket, table, topic, lock, signingKey, previousSigningKey, secretKey, vaultKey, sampleEndpoint } = home;
  const isLocked = lock.mode !== 'NONE';
  const outputs: readonly (readonly [string, string | undefined, string])[] = [
    ['VaultBucket', bucket.bucketName, 'Bucket that holds the evidence and its ledger'],
    ['VaultKeyArn', vaultKey?.keyArn, 'Key that encrypts the bucket'],
    ['LockMode', lock.mode, isLocked ? 'Object Lock mode of every object' : unlocked],
    ['RetentionDays', String(lock.retentionDays), isLocked ? 'Days for which every object cannot be deleted' : unlocked],
    ['IndexTable', table.tableName, 'Table of the evidence index and of the head of the ledger'],
    ['SigningKeyArn', signingKey.keyArn, 'Key that signs checkpoints'],
    ['PreviousSigningKeyArn', previousSigningKey?.keyArn, 'Signing key that is being replaced'],
    ['SecretKeyArn', secretKey.keyArn, 'Key that the home secret is derived from'],
    ['HomeKind', sampleEndpoint === undefined ? 'real' : 'sample', 'Whether the evidence is real or of the sample account'],
    ['TopicArn', topic.topicArn, 'Topic of alarms and of the daily checkpoint'],
    ['QueueUrls', stack.toJsonString(queueUrls(collectors)), 'Queues of each source'],
    ['HomeQueueUrls', stack.toJsonString(homeQueueUrls(queues)), 'Queues of the home itself, and what failed to the end'],
  ];
  for (const [id, value, description] of outputs) if (value !== undefined) new CfnOutput(stack, id, { value, description });
}

function queueUrls(collectors: readonly SourceCollector[]) {
  const entries = collectors.map(({ source, runs, events }) => [
    source.id,
    {
      queue: runs.queue.queueUrl,
      deadLetters: runs.deadLetters.queueUrl,
      ...(events === undefined ? {} : { events: events.queue.queueUrl, eventsDeadLetters: events.deadLetters.queueUrl }),
    },
  ]);
  return Object.fromEntries(entries);
}

function homeQueueUrls({ notices, failures }: OperatedQueues) {
  const kept = Object.entries(failures).map(([name, queue]) => [name, { deadLetters: queue.queueUrl }]);
  return { Project: { queue: notices.queue.queueUrl, deadLetters: notices.deadLetters.queueUrl }, ...Object.fromEntries(kept) };
}
