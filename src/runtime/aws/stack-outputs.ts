// SPDX-License-Identifier: Apache-2.0
import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import * as z from 'zod';
import { readFailure } from '../../sources/source-error.ts';
import { HomeError, UsageError } from '../home-error.ts';
import { awsFailure } from './aws-error.ts';
import type { AwsClientConfig } from './aws-home.ts';
import { type AwsHomeNames, parseAwsHomeNames } from './aws-home-names.ts';

/** Names of the stack's outputs, spelled once: the stack writes them, the command line reads them. */
const outputNames = {
  bucket: 'VaultBucket',
  vaultKeyArn: 'VaultKeyArn',
  lockMode: 'LockMode',
  retentionDays: 'RetentionDays',
  table: 'IndexTable',
  signingKeyArn: 'SigningKeyArn',
  previousSigningKeyArn: 'PreviousSigningKeyArn',
  secretKeyArn: 'SecretKeyArn',
  kind: 'HomeKind',
} as const satisfies Record<keyof AwsHomeNames, string>;
const topicOutput = 'TopicArn';
const queuesOutput = 'QueueUrls';
/** Absent where an older version deployed the stack. */
const homeQueuesOutput = 'HomeQueueUrls';

/** The queues of one source, by URL. */
export interface SourceQueues {
  readonly queue: string;
  readonly deadLetters: string;
  readonly events?: string | undefined;
  readonly eventsDeadLetters?: string | undefined;
}

const queuesSchema = z.record(
  z.string(),
  z.object({ queue: z.url(), deadLetters: z.url(), events: z.url().optional(), eventsDeadLetters: z.url().optional() }),
);

/** A queue of the home itself: one without `queue` only keeps what failed. */
export interface HomeQueue {
  readonly queue?: string | undefined;
  readonly deadLetters: string;
}

const homeQueuesSchema = z.record(z.string(), z.object({ queue: z.url().optional(), deadLetters: z.url() }));

/** What a deployed stack says of itself. */
export interface StackOutputs {
  readonly names: AwsHomeNames;
  readonly topicArn: string | null;
  /** By source id. */
  readonly queues: Readonly<Record<string, SourceQueues>>;
  /** By the name of the function or rule. */
  readonly homeQueues: Readonly<Record<string, HomeQueue>>;
}

/**
 * Reads the outputs of a deployed stack. Throws AWS_NO_STACK where there is none of this name or it is not one of ours, AWS_NO_REGION,
 * AWS_NO_IDENTITY, AWS_DENIED and AWS_UNAVAILABLE where it cannot be asked, HOME_NAMES_INVALID where its outputs cannot be used.
 */
export async function readStackOutputs(stack: string, config: AwsClientConfig): Promise<StackOutputs> {
  const client = new CloudFormationClient(config);
  try {
    return outputsOf(stack, await describe(client, stack));
  } finally {
    client.destroy();
  }
}

async function describe(client: CloudFormationClient, stack: string): Promise<Stack> {
  const region = await client.config.region().catch((cause: unknown) => {
    throw awsFailure('cloudformation:DescribeStacks', `stack ${stack}`, cause);
  });
  const { Stacks: found } = await client.send(new DescribeStacksCommand({ StackName: stack })).catch((cause: unknown) => {
    // CloudFormation's answer for no such stack: ValidationError, "Stack with id NAME does not exist".
    const { code, message } = readFailure(cause);
    if (code === 'ValidationError' && message.includes('does not exist'))
      throw noStack(stack, region, 'there is no stack of this name', cause);
    throw awsFailure('cloudformation:DescribeStacks', `stack ${stack}`, cause);
  });
  const [only] = found ?? [];
  if (only === undefined) throw noStack(stack, region, 'there is no stack of this name');
  if (!(only.Outputs ?? []).some((output) => output.OutputKey === outputNames.bucket)) {
    throw noStack(
      stack,
      region,
      `the stack (${only.StackStatus ?? 'in no known state'}) has no output ${outputNames.bucket}: not deployed yet, or not ours`,
    );
  }
  return only;
}

function outputsOf(stack: string, described: Stack): StackOutputs {
  const outputs = new Map((described.Outputs ?? []).map((output) => [output.OutputKey, output.OutputValue]));
  const names = parseAwsHomeNames(
    (member) => outputs.get(outputNames[member]),
    (member) => `output ${outputNames[member]} of stack ${stack}`,
  );
  const parse = <T>(name: string, schema: z.ZodType<T>) => parseQueues({ stack, name, schema }, outputs.get(name) ?? '{}');
  return {
    names,
    topicArn: outputs.get(topicOutput) || null,
    queues: parse(queuesOutput, queuesSchema),
    homeQueues: parse(homeQueuesOutput, homeQueuesSchema),
  };
}

function parseQueues<T>({ stack, name, schema }: { stack: string; name: string; schema: z.ZodType<T> }, text: string): T {
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const reason = Error.isError(cause) ? cause.message : String(cause);
    throw new HomeError('HOME_NAMES_INVALID', `output ${name} of stack ${stack} cannot be used: ${reason}`, { cause });
  }
}

function noStack(stack: string, region: string, why: string, cause?: unknown): UsageError {
  return new UsageError(
    'AWS_NO_STACK',
    `no home aws:${stack} in ${region}: ${why}; deploy it, name another (--home aws:STACK), or pass --region and --profile`,
    { cause },
  );
}
