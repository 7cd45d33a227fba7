// SPDX-License-Identifier: Apache-2.0
import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import { CreateTableCommand, DynamoDBClient, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, type KeySpec, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutObjectLockConfigurationCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDbIndex } from '../../../src/evidence-index/dynamodb-index.ts';
import type { RunningServer } from '../servers/start-server.ts';

/** Outputs of a stack by name, as a deployment writes them. */
export type Outputs = Record<string, string>;

const region = 'eu-west-1';

/** Client settings for a test server. */
export function configOf(server: RunningServer) {
  return { region, endpoint: server.endpoint, credentials: server.credentials, forcePathStyle: true };
}

/** Makes bucket, table, keys and queues as a deployment does, and a stack with nothing in it but their names. */
export async function deployParts(server: RunningServer, stack: string): Promise<Outputs> {
  const config = configOf(server);
  const outputs: Outputs = {
    VaultBucket: await makeBucket(new S3Client(config), `${stack.toLowerCase()}-evidence`),
    LockMode: 'GOVERNANCE',
    RetentionDays: '30',
    IndexTable: await makeTable(new DynamoDBClient(config), `${stack}-index`),
    SigningKeyArn: await makeKey(new KMSClient(config), 'ECC_NIST_EDWARDS25519'),
    SecretKeyArn: await makeKey(new KMSClient(config), 'HMAC_256'),
    HomeKind: 'real',
    QueueUrls: JSON.stringify({ macie: await makeQueues(new SQSClient(config)) }),
  };
  await makeStack(server, stack, outputs);
  return outputs;
}

/** A stack of one topic whose outputs are these. */
export async function makeStack(server: RunningServer, stack: string, outputs: Outputs): Promise<void> {
  const client = new CloudFormationClient(configOf(server));
  const template = {
    Resources: { Topic: { Type: 'AWS::SNS::Topic' } },
    Outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { Value: value }])),
  };
  await client.send(new CreateStackCommand({ StackName: stack, TemplateBody: JSON.stringify(template) }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1 }, { StackName: stack });
}

async function makeBucket(client: S3Client, bucket: string): Promise<string> {
  const location = { LocationConstraint: region } as const;
  await client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: true, CreateBucketConfiguration: location }));
  await client.send(new PutObjectLockConfigurationCommand({ Bucket: bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }));
  return bucket;
}

async function makeTable(client: DynamoDBClient, table: string): Promise<string> {
  await client.send(new CreateTableCommand(DynamoDbIndex.tableDefinition(table)));
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: table });
  return table;
}

async function makeKey(client: KMSClient, spec: KeySpec): Promise<string> {
  const usage = spec === 'HMAC_256' ? 'GENERATE_VERIFY_MAC' : 'SIGN_VERIFY';
  const { KeyMetadata: made } = await client.send(new CreateKeyCommand({ KeySpec: spec, KeyUsage: usage }));
  return made?.Arn ?? '';
}

/** Queues of one source; two messages wait in the first and one is dead. */
async function makeQueues(client: SQSClient) {
  const fifo = { FifoQueue: 'true' };
  const make = async (name: string, attributes: Record<string, string>) =>
    (await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }))).QueueUrl ?? '';
  const [queue, deadLetters] = [await make('runs.fifo', fifo), await make('runs-dead.fifo', fifo)];
  const send = async (url: string, id: string) =>
    await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: id, MessageGroupId: 'g', MessageDeduplicationId: id }));
  for (const [url, id] of [
    [queue, 'a'],
    [queue, 'b'],
    [deadLetters, 'c'],
  ] as const)
    await send(url, id);
  return { queue, deadLetters, events: await make('events', {}), eventsDeadLetters: await make('events-dead', {}) };
}
