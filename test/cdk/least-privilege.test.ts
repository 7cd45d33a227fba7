// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { type ConfigurationInput, parseConfiguration } from '../../lib/parse-configuration.ts';
import { type FunctionRole, functionRoles } from '../../src/runtime/deployment/function-roles.ts';
import { refusedActions } from '../../src/runtime/deployment/grant.ts';
import { deployedSources } from '../../src/runtime/deployment/source-declarations.ts';
import { deployHome } from '../support/deployed-stack.ts';
import { actionsOf, roleOfFunction, templateRoles } from '../support/template-roles.ts';

const bare: ConfigurationInput = {};
const full: ConfigurationInput = {
  accounts: { organizationalUnits: ['ou-abcd-12345678'] },
  tracing: true,
  vault: { encryption: 'customer' },
  reportLocations: ['s3://reports/monitor/', { location: 's3://more', keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/reports' }],
  trailBuckets: [{ location: 's3://trail/AWSLogs/', keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/trail' }],
};
const placeActions = ['kms:Decrypt', 's3:GetObject', 's3:ListBucket'];

/** Logical ids begin with the path of the construct. */
const logicalIds: Readonly<Record<string, string>> = {
  plan: 'PlannerFunction',
  project: 'ProjectorFunction',
  seal: 'SealerFunction',
  'self-audit': 'SelfAuditAuditorFunction',
  'collect-cloudtrail': 'CloudtrailCollectorFunction',
  'collect-securityhub': 'SecurityhubCollectorFunction',
  'collect-macie': 'MacieCollectorFunction',
  'collect-sagemaker-model-monitor': 'SagemakerModelMonitorCollectorFunction',
  'collect-sagemaker-clarify': 'SagemakerClarifyCollectorFunction',
};

function declaredRoles(input: ConfigurationInput): readonly FunctionRole[] {
  const configuration = parseConfiguration(input);
  return functionRoles(configuration, deployedSources(configuration));
}

const inRole = (input: ConfigurationInput, name: string) => roleOfFunction(deployHome(input).template, logicalIds[name] ?? '');
const uniqueActions = (lists: readonly (readonly string[])[]) => [...new Set(lists.flat())].sort();

describe.each([
  ['nothing configured', bare],
  ['everything configured', full],
])('roles with %s', (_what, input) => {
  it.each(Object.keys(logicalIds))('gives %s exactly the actions that are declared for it, and refuses the rest of the list', (name) => {
    const declared = declaredRoles(input).find((role) => role.name === name);
    const { statements } = inRole(input, name);
    expect(declared?.grants.length).toBeGreaterThan(2);
    expect(actionsOf(statements)).toEqual(uniqueActions(declared?.grants.map(({ actions }) => actions) ?? []));
    expect(actionsOf(statements, 'Deny')).toEqual([...refusedActions].sort());
  });

  it.each(Object.keys(logicalIds))('lets %s act on every resource only where the call takes none', (name) => {
    const grants = declaredRoles(input).find((role) => role.name === name)?.grants ?? [];
    const anywhere = grants.filter(({ on }) => on === 'any').flatMap(({ actions }) => actions);
    const open = inRole(input, name).statements.filter(({ Effect, Resource }) => Effect === 'Allow' && Resource.includes('*'));
    expect(open.flatMap(({ Action }) => Action).sort()).toEqual([...anywhere].sort());
    expect(open.every(({ Resource }) => Resource.length === 1)).toBe(true);
  });

  it('holds the roles of all functions, and beside them only those that timers wake functions with', () => {
    const { template } = deployHome(input);
    const roles = templateRoles(template);
    const ours = roles.filter(({ path }) => path === '/aims-evidence/');
    expect(ours).toHaveLength(Object.keys(logicalIds).length);
    expect(roles.filter(({ hasManagedPolicies }) => hasManagedPolicies)).toEqual([]);
    const others = roles.filter(({ path }) => path !== '/aims-evidence/');
    expect(others.map(({ statements }) => actionsOf(statements))).toEqual(others.map(() => ['lambda:InvokeFunction', 'sqs:SendMessage']));
    expect(others).toHaveLength(3);
  });

  it('names no action by a wildcard', () => {
    const granted = templateRoles(deployHome(input).template).flatMap(({ statements }) => actionsOf(statements));
    expect(granted).toContain('cloudtrail:LookupEvents');
    expect(granted.filter((action) => action.includes('*'))).toEqual([]);
  });
});

describe('the role of the self-audit', () => {
  const about = (input: ConfigurationInput, action: string) =>
    inRole(input, 'self-audit').statements.filter(({ Effect, Action }) => Effect === 'Allow' && Action.includes(action));

  it('asks for the notifications of exactly the buckets that are named, where events are wanted', () => {
    const asked = JSON.stringify(about(full, 's3:GetBucketNotification').map(({ Resource }) => Resource));
    expect([...asked.matchAll(/s3:::([^"]*)"/g)].map(([, bucket]) => bucket).sort()).toEqual(['more', 'reports', 'trail']);
    expect(about({ ...full, events: false }, 's3:GetBucketNotification')).toEqual([]);
    expect(about(bare, 's3:GetBucketNotification')).toEqual([]);
  });

  it('counts dead letters and takes none, and finds what a replaced index left', () => {
    const counted = about(bare, 'sqs:GetQueueAttributes').flatMap(({ Resource }) => Resource);
    expect(counted).toHaveLength(14);
    expect(counted.every((one) => /DeadLetters|Failures|Undelivered/.test(JSON.stringify(one)))).toBe(true);
    expect(about(bare, 'sqs:ReceiveMessage')).toEqual([]);
    expect(about(bare, 'dynamodb:Scan')).toHaveLength(1);
  });
});

describe('roles of collectors', () => {
  it.each(deployedSources(parseConfiguration(full)))('hold all actions that $id declares once its places are named', ({ id, actions }) => {
    const granted = actionsOf(inRole(full, `collect-${id}`).statements);
    expect(actions.length).toBeGreaterThan(5);
    expect(granted).toEqual(expect.arrayContaining([...actions]));
  });

  it.each(deployedSources(parseConfiguration(bare)))(
    'let $id read no file and open no key where the configuration names none',
    ({ id, actions }) => {
      const { statements } = inRole(bare, `collect-${id}`);
      const calls = actions.filter((action) => !placeActions.includes(action));
      expect(actionsOf(statements)).toEqual(expect.arrayContaining(calls));
      expect(actionsOf(statements)).not.toContain('kms:Decrypt');
      const buckets = statements.filter(({ Action }) => Action.includes('s3:GetObject') || Action.includes('s3:ListBucket'));
      expect(JSON.stringify(buckets.map(({ Resource }) => Resource))).not.toContain('s3:::');
    },
  );

  it('read below the places that are named, list only what lies there, and open only their keys', () => {
    const { statements } = inRole(full, 'collect-sagemaker-clarify');
    const about = (action: string) => statements.filter(({ Effect, Action }) => Effect === 'Allow' && Action.includes(action));
    const reads = JSON.stringify(about('s3:GetObject').map(({ Resource }) => Resource));
    expect(reads).toContain(':s3:::reports/monitor/*');
    expect(reads).toContain(':s3:::more/*');
    expect(reads).not.toContain('trail');
    const listed = about('s3:ListBucket').filter(({ Condition }) => Condition !== undefined);
    expect(listed.map(({ Condition }) => Condition)).toEqual([{ StringLike: { 's3:prefix': 'monitor/*' } }]);
    const keys = JSON.stringify(about('kms:Decrypt').map(({ Resource }) => Resource));
    expect(keys).toContain('key/reports');
    expect(keys).not.toContain('key/trail');
    expect(JSON.stringify(inRole(full, 'collect-cloudtrail').statements)).toContain('key/trail');
  });

  it('take the role of member accounts only where there are such accounts', () => {
    expect(actionsOf(inRole(full, 'collect-macie').statements)).toContain('sts:AssumeRole');
    expect(actionsOf(inRole(bare, 'collect-macie').statements)).not.toContain('sts:AssumeRole');
    expect(actionsOf(inRole(full, 'seal').statements)).not.toContain('sts:AssumeRole');
  });

  it('write below vault/ and never below ledger/, and only the sealer signs', () => {
    const written = (name: string) =>
      JSON.stringify(inRole(bare, name).statements.filter(({ Effect, Action }) => Effect === 'Allow' && Action.includes('s3:PutObject')));
    expect(written('collect-macie')).toContain('/vault/*');
    expect(written('collect-macie')).not.toContain('/ledger/*');
    expect(written('seal')).toContain('/ledger/*');
    expect(written('seal')).not.toContain('/vault/*');
    expect(written('project')).toBe('[]');
    const signers = Object.keys(logicalIds).filter((name) => actionsOf(inRole(bare, name).statements).includes('kms:Sign'));
    expect(signers).toEqual(['seal']);
  });
});
