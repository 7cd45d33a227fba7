// SPDX-License-Identifier: Apache-2.0
import { Stack } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { bucketPrefixes } from '../../src/runtime/deployment/env-names.ts';
import { describeTarget, type GrantTarget } from '../../src/runtime/deployment/grant.ts';
import type { EvidenceHome } from '../evidence-home.ts';
import { type Located, locateNamed } from './grant-statements.ts';

/** Queues of one function. */
export interface FunctionQueues {
  /** It takes from these; a collector's planned runs come first, and it sends the rest of a window there. */
  readonly own?: readonly IQueue[];
  readonly collectors?: readonly IQueue[];
  /** Of every queue of the home. */
  readonly deadLetters?: readonly IQueue[];
  readonly failures?: IQueue | undefined;
}

/** What targets are looked up in. */
export interface Surroundings {
  readonly scope: Construct;
  readonly home: EvidenceHome;
  readonly queues: FunctionQueues;
  readonly logGroup: ILogGroup;
}

/** The ARNs behind a grant's target. Throws where a function is granted something that this deployment does not have. */
export function locateTarget(target: GrantTarget, surroundings: Surroundings): Located {
  const named = locateNamed(target, Stack.of(surroundings.scope).partition);
  if (named !== null) return named;
  const resources = typeof target === 'string' ? arnsOf(target, surroundings).filter((arn) => arn !== undefined) : [];
  if (resources.length === 0) throw new Error(`a role is granted ${describeTarget(target)}, and the deployment has none`);
  return { resources };
}

function arnsOf(target: Extract<GrantTarget, string>, { home, queues, logGroup }: Surroundings): readonly (string | undefined)[] {
  const arns = (list: readonly IQueue[] | undefined) => (list ?? []).map((queue) => queue.queueArn);
  switch (target) {
    case 'bucket':
      return [home.bucket.bucketArn];
    case 'vault objects':
      return [home.bucket.arnForObjects(`${bucketPrefixes.vault}*`)];
    case 'ledger objects':
      return [home.bucket.arnForObjects(`${bucketPrefixes.ledger}*`)];
    case 'table':
      return [home.table.tableArn];
    case 'signing keys':
      return [home.signingKey.keyArn, home.previousSigningKey?.keyArn];
    case 'secret key':
      return [home.secretKey.keyArn];
    case 'vault key':
      return [home.vaultKey?.keyArn];
    case 'topic':
      return [home.topic.topicArn];
    case 'topic key':
      return [home.topicKey.keyArn];
    case 'own log group':
      return [logGroup.logGroupArn];
    case 'own queues':
      return arns(queues.own);
    case 'own runs':
      return arns(queues.own).slice(0, 1);
    case 'own failures':
      return [queues.failures?.queueArn];
    case 'collector queues':
      return arns(queues.collectors);
    case 'dead letters':
      return arns(queues.deadLetters);
    default:
      return [];
  }
}
