// SPDX-License-Identifier: Apache-2.0
import {
  Aws,
  BootstraplessSynthesizer,
  CfnCondition,
  CfnOutput,
  CfnParameter,
  Fn,
  type IStackSynthesizer,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { deployedSources } from '../../src/runtime/deployment/source-declarations.ts';
import { EventForwarding } from '../constructs/event-forwarding.ts';
import { MemberRole } from '../constructs/member-role.ts';
import { type ConfigurationInput, parseConfiguration } from '../parse-configuration.ts';

export interface AimsEvidenceMemberStackProps extends StackProps {
  /** That of the home: which sources, places, role name and external id. */
  readonly configuration?: ConfigurationInput;
}

/**
 * What an account lends to a home elsewhere: one role to read with and, where configured, the forwarding of events. The template holds no assets
 * and looks nothing up, so it deploys as a StackSet. IAM knows no Regions: where it goes to several of them, one makes the roles.
 */
export class AimsEvidenceMemberStack extends Stack {
  constructor(scope: Construct, id: string, props: AimsEvidenceMemberStackProps = {}) {
    const { configuration: given, ...stackProps } = props;
    const configuration = parseConfiguration(given);
    super(scope, id, {
      description: 'AIMS Evidence: lets a home in another account read what proves that an AI management system works',
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      ...stackProps,
    });
    const { member } = configuration;
    const homeAccount = new CfnParameter(this, 'HomeAccount', {
      description: 'Account of the home that reads',
      allowedPattern: '\\d{12}',
      ...(member.homeAccount === undefined ? {} : { default: member.homeAccount }),
    });
    const roleRegion = new CfnParameter(this, 'RoleRegion', {
      description: 'The Region whose stack makes the roles, where the template goes to several Regions of an account',
      default: '',
    });
    const isRoleRegion = new CfnCondition(this, 'IsRoleRegion', {
      expression: Fn.conditionOr(Fn.conditionEquals(roleRegion, ''), Fn.conditionEquals(roleRegion, Aws.REGION)),
    });
    const sources = deployedSources(configuration);
    const settings = { configuration, sources, homeAccount: homeAccount.valueAsString, onlyIf: isRoleRegion };
    const { roleArn } = new MemberRole(this, 'Read', settings);
    if (member.forwardEvents) {
      const homeRegion = new CfnParameter(this, 'HomeRegion', {
        description: 'Region of the home that events are sent to',
        ...(member.homeRegion === undefined ? {} : { default: member.homeRegion }),
      });
      new EventForwarding(this, 'Forward', { ...settings, homeRegion: homeRegion.valueAsString });
    }
    new CfnOutput(this, 'RoleArn', { value: roleArn, description: 'Role that the home reads with' });
  }
}
