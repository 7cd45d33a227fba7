// SPDX-License-Identifier: Apache-2.0

import { type CfnCondition, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, CfnRole, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Configuration } from '../../src/runtime/deployment/configuration-schema.ts';
import { type GrantTarget, refusedActions } from '../../src/runtime/deployment/grant.ts';
import { functionRolePath } from '../../src/runtime/deployment/role-names.ts';
import type { DeployedSource } from '../../src/runtime/deployment/source-declarations.ts';
import { memberGrants } from '../../src/runtime/deployment/source-grants.ts';
import { acknowledgeWildcards } from '../policies/acknowledge-wildcards.ts';
import { grantStatements, type Located, locateNamed } from '../policies/grant-statements.ts';

export interface MemberRoleProps {
  readonly configuration: Configuration;
  readonly sources: readonly DeployedSource[];
  /** Twelve digits, or a parameter of the template. */
  readonly homeAccount: string;
  /** Where the template goes to several Regions of an account, one of them makes its roles. */
  readonly onlyIf?: CfnCondition;
}

/** The role that collectors of the home take in this account: exactly the sources' actions, for whoever comes from there with the external id. */
export class MemberRole extends Construct {
  readonly roleArn: string;

  constructor(scope: Construct, id: string, props: MemberRoleProps) {
    super(scope, id);
    const { configuration, sources, homeAccount } = props;
    const { roleName, externalId } = configuration.member;
    const { partition, account } = Stack.of(this);
    const grants = memberGrants(sources, configuration);
    const locate = (target: GrantTarget): Located => locateNamed(target, partition) ?? { resources: [] };
    const role = new CfnRole(this, 'Role', {
      roleName,
      description: `AIMS Evidence reads this account with it, from account ${homeAccount}`,
      assumeRolePolicyDocument: trust(partition, homeAccount, externalId),
      // Longer than a function can run; a chained session has an hour at most.
      maxSessionDuration: 3_600,
      policies: [
        { policyName: 'Read', policyDocument: new PolicyDocument({ statements: [...grantStatements(grants, refusedActions, locate)] }) },
      ],
    });
    if (props.onlyIf !== undefined) role.cfnOptions.condition = props.onlyIf;
    acknowledgeWildcards(
      role,
      grants.flatMap(({ on, why }) => locate(on).resources.map((resource) => ({ resource, why }))),
    );
    this.roleArn = `arn:${partition}:iam::${account}:role/${roleName}`;
  }
}

// The account as principal, and within it only roles on our path: a role deleted and made again keeps its right, any other role never had it.
function trust(partition: string, homeAccount: string, externalId: string): PolicyDocument {
  const statement = new PolicyStatement({
    effect: Effect.ALLOW,
    principals: [new AccountPrincipal(homeAccount)],
    actions: ['sts:AssumeRole'],
    conditions: {
      StringEquals: { 'sts:ExternalId': externalId },
      ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${homeAccount}:role${functionRolePath}*` },
    },
  });
  return new PolicyDocument({ statements: [statement] });
}
