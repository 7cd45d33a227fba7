// SPDX-License-Identifier: Apache-2.0
import { type Configuration, configurationSchema } from '../../src/runtime/deployment/configuration-schema.ts';

type Setting =
  | Exclude<keyof Configuration, 'vault' | 'member'>
  | `vault.${keyof Configuration['vault']}`
  | `member.${keyof Configuration['member']}`;

/** What each setting means, in the order of the table. A setting without its line does not compile. */
const meanings: Readonly<Record<Setting, string>> = {
  accounts: 'Accounts to collect from: `[]` the own one, a list of ids, `{ organization: true }`, or `{ organizationalUnits: [ou-…] }`.',
  regions: "Regions to read in each account; `[]` reads the stack's own.",
  sources: 'Sources to collect.',
  schedules: 'EventBridge Scheduler expressions that replace a source’s own: `{ macie: "rate(1 day)" }`.',
  events: 'Whether EventBridge rules bring events at once. Polling proves completeness with or without.',
  reportLocations:
    '`s3://bucket/prefix` of Model Monitor and Clarify reports, or `{ location, keyArn, account }` (the account that reads it). Nothing else in S3 is granted.',
  trailBuckets: '`s3://bucket/prefix` of CloudTrail log files and digests, or `{ location, keyArn }`.',
  scopeFile: 'AI systems, by tag, ARN or account; relative to this file.',
  thresholdsFile: 'Limits of metrics that a person approved.',
  approvalsFile: 'Baselines and files that a person approved, by SHA-256.',
  'vault.retentionDays': 'Days that every object is kept undeletable.',
  'vault.lockMode': '`COMPLIANCE` can be shortened by nobody, ever. Read “Retention” first.',
  'vault.encryption': '`s3`: S3’s own keys; `customer`: a KMS key of this stack.',
  'vault.adopt':
    'Bucket, table and keys that an earlier deployment left standing: `{ bucketName, tableName, signingKeyArn, secretKeyArn, vaultKeyArn }`.',
  profile: '`dev` can be destroyed with all its evidence.',
  'member.roleName': 'Role that the member stack makes in each other account.',
  'member.externalId': 'External id of that role: a name that both sides know, not a secret.',
  'member.homeAccount': 'The home’s account, for the member template; otherwise a parameter of it.',
  'member.homeRegion': 'The home’s Region, for the member template; otherwise a parameter of it.',
  'member.forwardEvents': 'Whether member stacks send their events to the home. Polling proves completeness without.',
  'member.organizationId': '`o-…`: whose accounts may send events where `accounts` is no list.',
  alarmEmail: 'Gets alarms and the daily checkpoint.',
  checkpointAccounts: 'Accounts that may subscribe to the same: there the home’s owner cannot reach what was sent.',
  signingKeyNumber: 'Which signing key of this stack is in use; one more makes a new one. Read “Keys” first.',
  previousSigningKeyArn: 'The key that was replaced, until the first checkpoint with the new one.',
  logRetentionDays: 'Days that logs of the functions are kept. No evidence is in them.',
  tracing: 'X-Ray traces of the functions.',
  home: 'On a laptop: the directory where evidence is kept.',
};

/** A Markdown table of every setting, its default and its meaning. */
export function configurationTable(): string {
  const { vault, member, ...others } = configurationSchema.parse({});
  const prefixed = (prefix: string, members: object) =>
    Object.entries(members).map(([name, value]) => [`${prefix}.${name}`, value] as const);
  const defaults = new Map<string, unknown>([...Object.entries(others), ...prefixed('vault', vault), ...prefixed('member', member)]);
  const rows = Object.entries(meanings).map(([name, meaning]) => `| \`${name}\` | ${defaultText(defaults.get(name))} | ${meaning} |`);
  return ['| Setting | Default | Meaning |', '|---|---|---|', ...rows].join('\n');
}

function defaultText(value: unknown): string {
  if (value === undefined) return 'none';
  if (Array.isArray(value) && value.length > 3) return 'all five';
  return `\`${JSON.stringify(value)}\``;
}
