// SPDX-License-Identifier: Apache-2.0
import { at } from '../../src/evidence/json.ts';
import { errorAnswer, xmlText } from '../../src/sample/refusals.ts';
import { awsError, type SampleAnswer, type SampleService } from '../../src/sample/sample-service.ts';

/** Outputs that a deployed stack has, by name. */
export type Outputs = Readonly<Record<string, string>>;

/** Outputs of a stack over the named keys; queues of one source and of the home at `endpoint`. */
export function stackOutputs(endpoint: string, keys: { readonly signing: string; readonly secret: string }): Outputs {
  const url = (name: string) => `${endpoint}/111122223333/${name}`;
  const queues = {
    queue: url('macie.fifo'),
    deadLetters: url('macie-dead.fifo'),
    events: url('macie-events'),
    eventsDeadLetters: url('macie-events-dead'),
  };
  return {
    VaultBucket: 'evidence-111122223333',
    LockMode: 'GOVERNANCE',
    RetentionDays: '1100',
    IndexTable: 'AimsEvidence-Index',
    SigningKeyArn: keys.signing,
    SecretKeyArn: keys.secret,
    HomeKind: 'real',
    TopicArn: 'arn:aws:sns:eu-west-1:111122223333:aims-evidence',
    QueueUrls: JSON.stringify({ macie: queues }),
    HomeQueueUrls: JSON.stringify({
      Project: { queue: url('notices'), deadLetters: url('notices-dead') },
      Plan: { deadLetters: url('plan-failures') },
    }),
  };
}

/**
 * CloudFormation's DescribeStacks in the query protocol: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html,
 * read 2026-11. `denied` names a stack that nobody may see.
 */
export function fakeCloudFormation(stacks: ReadonlyMap<string, Outputs>, denied = ''): SampleService {
  return ({ operation, body }) => {
    const name = String(body === undefined ? '' : at(body, 'StackName'));
    if (operation !== 'DescribeStacks') return errorAnswer('query', 400, 'InvalidAction', operation);
    if (name === denied) {
      const user = 'User: arn:aws:iam::111122223333:user/x';
      return errorAnswer('query', 403, 'AccessDenied', `${user} is not authorized to perform: cloudformation:DescribeStacks`);
    }
    const outputs = stacks.get(name);
    if (outputs === undefined) return errorAnswer('query', 400, 'ValidationError', `Stack with id ${name} does not exist`);
    return { status: 200, body: described(name, outputs) };
  };
}

function described(name: string, outputs: Outputs): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${xmlText(value)}</OutputValue></member>`,
  );
  const stack = [
    `<StackName>${xmlText(name)}</StackName>`,
    '<CreationTime>2026-11-21T00:00:00Z</CreationTime>',
    '<StackStatus>CREATE_COMPLETE</StackStatus>',
    `<Outputs>${members.join('')}</Outputs>`,
  ].join('');
  const result = `<DescribeStacksResult><Stacks><member>${stack}</member></Stacks></DescribeStacksResult>`;
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">${result}</DescribeStacksResponse>`;
}

/** Depth of a fake queue: visible, delayed, in flight; or a refusal. */
export type FakeDepth = readonly [visible: number, delayed: number, inFlight: number] | 'denied' | 'absent';

/** SQS's GetQueueAttributes in AWS JSON 1.0, by the last part of the queue's URL. */
export function fakeSqs(queues: ReadonlyMap<string, FakeDepth>): SampleService {
  return ({ body }) => {
    const url = String(body === undefined ? '' : at(body, 'QueueUrl'));
    return depthAnswer(queues.get(url.slice(url.lastIndexOf('/') + 1)) ?? 'absent');
  };
}

function depthAnswer(depth: FakeDepth): SampleAnswer {
  if (depth === 'denied') return awsError(403, 'AccessDeniedException', 'not authorized to perform: sqs:GetQueueAttributes');
  if (depth === 'absent') return awsError(400, 'QueueDoesNotExist', 'The specified queue does not exist.');
  const [visible, delayed, inFlight] = depth.map(String);
  const attributes = {
    ApproximateNumberOfMessages: visible,
    ApproximateNumberOfMessagesDelayed: delayed,
    ApproximateNumberOfMessagesNotVisible: inFlight,
  };
  return { status: 200, body: { Attributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value ?? '0'])) } };
}
