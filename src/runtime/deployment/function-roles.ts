// SPDX-License-Identifier: Apache-2.0
import type { SourceId } from '../../evidence/observation.ts';
import { eventDeliveryAction } from '../../sources/report/event-delivery.ts';
import type { Configuration } from './configuration-schema.ts';
import { type Grant, type GrantTarget, refusedActions } from './grant.ts';
import { indexReadActions, indexReplaceActions, indexWriteActions } from './index-actions.ts';
import { eventBuckets } from './place-events.ts';
import { type SourceActions, sourceGrants } from './source-grants.ts';

/** The functions of the AWS home; a file in `lambdas/` and a bundle each. */
export type FunctionName = 'plan' | `collect-${SourceId}` | 'project' | 'seal' | 'self-audit';

/** What one function may do, and what is refused to it whatever else is granted. */
export interface FunctionRole {
  readonly name: FunctionName;
  readonly purpose: string;
  readonly grants: readonly Grant[];
  readonly denies: readonly string[];
}

/** The role of every function. The stack makes its policies of this and `aims plan` prints it, so that there is one truth. */
export function functionRoles(configuration: Configuration, sources: Iterable<SourceActions>): readonly FunctionRole[] {
  const chosen = [...sources].filter(({ id }) => configuration.sources.includes(id));
  const roles = [
    plan(configuration),
    ...chosen.map((source) => collector(source, configuration)),
    project(),
    seal(),
    selfAudit(configuration),
  ];
  return roles.map((role) => ({
    ...role,
    grants: [...role.grants.flatMap((one) => withVaultKey(one, configuration)), ...runs(configuration)],
  }));
}

function plan(configuration: Configuration): FunctionRole {
  return {
    name: 'plan',
    purpose: 'decides what is collected from where, seals that plan, and sends each run to the queue of its source',
    grants: [
      listing,
      grant('vault objects', writeActions, 'Plans are evidence: written once below vault/, never deleted.'),
      grant('table', indexReadActions, 'Where each window ended, so that the next begins there.'),
      homeSecret,
      grant('collector queues', ['sqs:SendMessage'], 'Runs go to the queues of the collectors and nowhere else.'),
      ...accountGrants(configuration),
      failures,
    ],
    denies: refusedActions,
  };
}

function collector(source: SourceActions, configuration: Configuration): FunctionRole {
  return {
    name: `collect-${source.id}`,
    purpose: `reads ${source.title} and writes what it answered to the vault`,
    grants: [
      ...sourceGrants(source, configuration),
      ...memberGrants(configuration),
      listing,
      grant('vault objects', writeActions, 'Records are written once below vault/; equal bytes under a used key must be recognised.'),
      grant('table', indexReadActions, 'What is held already, and earlier observations of a finding. Only `project` writes the index.'),
      homeSecret,
      grant('own queues', consumeActions, 'Takes its runs and events.'),
      grant('own runs', ['sqs:SendMessage'], 'Hands on the rest of a window to itself, and to nobody else.'),
    ],
    denies: refusedActions,
  };
}

function project(): FunctionRole {
  return {
    name: 'project',
    purpose: 'fills the evidence index from each new segment of the vault',
    grants: [
      listing,
      grant('vault objects', readActions, 'Reads segments; writes nothing to the vault.'),
      grant('table', [...indexReadActions, ...indexWriteActions], 'The only function that fills the index as segments arrive.'),
      grant('own queues', consumeActions, 'Takes the notices of new segments.'),
    ],
    denies: refusedActions,
  };
}

function seal(): FunctionRole {
  return {
    name: 'seal',
    purpose: 'extends the ledger by the new segments and signs a checkpoint',
    grants: [
      listing,
      grant('vault objects', readActions, 'Computes the leaf of each new segment; writes nothing below vault/.'),
      grant('ledger objects', writeActions, 'Tiles and checkpoints are written once below ledger/, never deleted.'),
      grant('table', headActions, 'The head of the ledger is one item, changed by compare-and-swap.'),
      grant('signing keys', ['kms:GetPublicKey', 'kms:Sign'], 'Signs checkpoints; the keys cannot leave KMS.'),
      ...publish,
      failures,
    ],
    denies: refusedActions,
  };
}

function selfAudit(configuration: Configuration): FunctionRole {
  return {
    name: 'self-audit',
    purpose: 'compares index, vault and plans every night, records the result as evidence, and makes the index anew on demand',
    grants: [
      listing,
      grant('vault objects', writeActions, 'Reads every segment; its result, and the gaps it finds, are evidence too.'),
      grant(
        'table',
        [...indexReadActions, ...indexWriteActions, ...indexReplaceActions],
        'Adds to the index what it lacks of the vault, makes it anew beside the old one, and finds what the old one left by a scan.',
      ),
      homeSecret,
      grant('dead letters', ['sqs:GetQueueAttributes'], 'Counts what was given up on; reads none of it.'),
      ...eventBuckets(configuration).map((bucket) =>
        grant({ s3Bucket: bucket }, [eventDeliveryAction], 'Whether the bucket tells EventBridge of new files; changes nothing there.'),
      ),
      ...accountGrants(configuration),
      failures,
    ],
    denies: refusedActions,
  };
}

// S3 checks PutObjectRetention for a put that carries a retention: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html.
// GetObjectRetention: only who may ask for it is told, with an object, how long it is kept.
const readActions = ['s3:GetObject', 's3:GetObjectRetention', 's3:GetObjectVersion'];
const writeActions = [...readActions, 's3:PutObject', 's3:PutObjectRetention'];
const consumeActions = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];
const headActions = ['dynamodb:GetItem', 'dynamodb:PutItem'];
const listing = grant(
  'bucket',
  ['s3:ListBucket', 's3:ListBucketVersions'],
  'Tells what was never written from what is refused, and finds the first version below whatever lies on top.',
);
const homeSecret = grant('secret key', ['kms:GenerateMac'], 'Derives the secret that blinds ids; the key cannot leave KMS.');
const failures = grant('own failures', ['sqs:SendMessage'], 'An invocation that failed to the end is kept in its queue of failures.');
const publish = [
  grant('topic', ['sns:Publish'], 'Sends the nightly checkpoint to whoever subscribed.'),
  grant('topic key', ['kms:Decrypt', 'kms:GenerateDataKey'], 'Messages of the topic are encrypted with this key.'),
];

function grant(on: GrantTarget, actions: readonly string[], why: string): Grant {
  return { on, actions, why };
}

function memberGrants({ accounts, member }: Configuration): readonly Grant[] {
  if (Array.isArray(accounts) && accounts.length === 0) return [];
  const why = 'The reading role of each account; that account decides by its trust policy and the external id.';
  return [grant({ memberRole: member.roleName }, ['sts:AssumeRole'], why)];
}

function accountGrants({ accounts }: Configuration): readonly Grant[] {
  if (Array.isArray(accounts)) return [];
  const why = 'Which accounts there are, and whether each is active, is asked at every run.';
  if ('organization' in accounts) return [grant('any', ['organizations:ListAccounts'], why)];
  return [grant('any', ['organizations:ListAccountsForParent', 'organizations:ListOrganizationalUnitsForParent'], why)];
}

// S3 uses the key in the name of whoever reads or writes an object.
function withVaultKey(one: Grant, { vault }: Configuration): readonly Grant[] {
  const hasKey = vault.adopt === undefined ? vault.encryption === 'customer' : vault.adopt.vaultKeyArn !== undefined;
  if (!hasKey || (one.on !== 'vault objects' && one.on !== 'ledger objects')) return [one];
  const actions = one.actions.includes('s3:PutObject') ? ['kms:Decrypt', 'kms:GenerateDataKey'] : ['kms:Decrypt'];
  return [one, grant('vault key', actions, 'Opens and closes the objects granted beside it.')];
}

function runs({ tracing }: Configuration): readonly Grant[] {
  const logs = grant('own log group', ['logs:CreateLogStream', 'logs:PutLogEvents'], 'Writes its own log and reads none.');
  if (!tracing) return [logs];
  return [logs, grant('any', ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'], 'X-Ray takes no resource; traces hold no evidence.')];
}
