// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { Match } from 'aws-cdk-lib/assertions';
import { type ConfigurationInput, parseConfiguration } from '../../lib/parse-configuration.ts';
import { refusedActions } from '../../src/runtime/deployment/grant.ts';
import { deployedSources } from '../../src/runtime/deployment/source-declarations.ts';
import { deployHome, deployMember } from '../support/deployed-stack.ts';
import { actionsOf, templateRoles } from '../support/template-roles.ts';

const forwarding: ConfigurationInput = {
  accounts: { organization: true },
  member: { forwardEvents: true, organizationId: 'o-abcdefghij', homeAccount: '111122223333', homeRegion: 'eu-west-1' },
};
const placeActions = ['kms:Decrypt', 's3:GetObject', 's3:ListBucket'];

function readActions(configuration: ConfigurationInput): readonly string[] {
  return actionsOf(templateRoles(deployMember(configuration).template)[0]?.statements ?? []);
}

describe('the stack of a member account', () => {
  it('lets in only functions of the home, and only with the external id', () => {
    const { template } = deployMember({ member: { roleName: 'ReadOurs', externalId: 'agreed-name' } });
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'ReadOurs',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: { AWS: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([{ Ref: 'HomeAccount' }, ':root'])] }) },
            Condition: {
              StringEquals: { 'sts:ExternalId': 'agreed-name' },
              ArnLike: { 'aws:PrincipalArn': Match.objectLike({ 'Fn::Join': ['', Match.arrayWith([':role/aims-evidence/*'])] }) },
            },
          },
        ],
        Version: '2012-10-17',
      },
    });
  });

  it('grants exactly what the sources declare, files and keys only where they are named', () => {
    const declared = [...new Set(deployedSources(parseConfiguration()).flatMap(({ actions }) => actions))].sort();
    expect(declared).toEqual(expect.arrayContaining(placeActions));
    expect(readActions({})).toEqual(declared.filter((action) => !placeActions.includes(action)));
    expect(readActions({ reportLocations: [{ location: 's3://reports/', keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/k' }] })).toEqual(
      declared,
    );
    const macie = deployedSources(parseConfiguration()).find(({ id }) => id === 'macie')?.actions ?? [];
    expect(readActions({ sources: ['macie'] })).toEqual([...macie].sort());
  });

  it('refuses what no role of ours may ever do', () => {
    const [role] = templateRoles(deployMember().template);
    expect(actionsOf(role?.statements ?? [], 'Deny')).toEqual([...refusedActions].sort());
    expect(refusedActions).toContain('macie2:GetSensitiveDataOccurrences');
  });

  it('deploys as a StackSet: no assets, nothing looked up, no bootstrapped account', () => {
    const { app, stack, template } = deployMember(forwarding);
    const artifact = app.synth().getStackArtifact(stack.artifactId);
    expect(artifact.assets).toEqual([]);
    expect(artifact.manifest.metadata ?? {}).not.toHaveProperty('BootstrapVersion');
    expect(Object.keys(template.findParameters('*')).sort()).toEqual(['HomeAccount', 'HomeRegion', 'RoleRegion']);
    template.hasParameter('HomeAccount', { Default: '111122223333' });
    template.hasParameter('HomeRegion', { Default: 'eu-west-1' });
  });

  it('makes its roles in one Region only, where it goes to several', () => {
    const { template } = deployMember(forwarding);
    template.resourceCountIs('AWS::IAM::Role', 2);
    template.allResources('AWS::IAM::Role', { Condition: 'IsRoleRegion' });
    template.hasCondition('IsRoleRegion', {
      'Fn::Or': [{ 'Fn::Equals': [{ Ref: 'RoleRegion' }, ''] }, { 'Fn::Equals': [{ Ref: 'RoleRegion' }, { Ref: 'AWS::Region' }] }],
    });
  });

  it('forwards every pattern of the sources to the bus of the home, where that is wanted', () => {
    const patterns = deployedSources(parseConfiguration()).flatMap(({ eventPatterns }) => eventPatterns);
    const { template } = deployMember(forwarding);
    expect(patterns.length).toBeGreaterThan(5);
    template.resourceCountIs('AWS::Events::Rule', patterns.length);
    for (const EventPattern of patterns) template.hasResourceProperties('AWS::Events::Rule', { EventPattern });
    template.allResourcesProperties('AWS::Events::Rule', {
      Targets: [
        {
          Id: 'Home',
          Arn: Match.objectLike({
            'Fn::Join': ['', Match.arrayWith([{ Ref: 'HomeRegion' }, { Ref: 'HomeAccount' }, ':event-bus/default'])],
          }),
          RoleArn: Match.anyValue(),
        },
      ],
    });
    const withTrail = deployMember({ ...forwarding, trailBuckets: ['s3://trail/'] }).template;
    withTrail.resourceCountIs('AWS::Events::Rule', patterns.length + 1);
    withTrail.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: Match.objectLike({ source: ['aws.s3'], detail: Match.objectLike({ bucket: { name: ['trail'] } }) }),
    });
    deployMember().template.resourceCountIs('AWS::Events::Rule', 0);
  });
});

describe('the bus of the home', () => {
  it('takes events of the organisation, or of the accounts that are listed', () => {
    const statement = (Statement: Record<string, unknown>) => ({ EventBusName: 'default', Statement: Match.objectLike(Statement) });
    deployHome(forwarding).template.hasResourceProperties(
      'AWS::Events::EventBusPolicy',
      statement({ Action: 'events:PutEvents', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } } }),
    );
    const listed = deployHome({ accounts: ['444455556666'], member: { forwardEvents: true } }).template;
    listed.hasResourceProperties('AWS::Events::EventBusPolicy', statement({ Action: 'events:PutEvents', Condition: Match.absent() }));
    expect(JSON.stringify(listed.findResources('AWS::Events::EventBusPolicy'))).toContain('444455556666:root');
    deployHome({ accounts: ['444455556666'] }).template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
  });

  it('takes events of nobody where it cannot be said of whom', () => {
    expect(() => deployHome({ accounts: { organization: true }, member: { forwardEvents: true } })).toThrow(/refusing to let everyone/);
    deployHome({ member: { forwardEvents: true } }).template.resourceCountIs('AWS::Events::EventBusPolicy', 0);
  });
});
