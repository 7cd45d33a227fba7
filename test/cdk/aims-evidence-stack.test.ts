// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { readSettings } from '../../lib/read-settings.ts';
import { AimsEvidenceStack } from '../../lib/stacks/aims-evidence-stack.ts';

function deployed(context: Record<string, unknown> = {}): { readonly app: App; readonly stack: AimsEvidenceStack } {
  const app = new App({ context });
  return { app, stack: new AimsEvidenceStack(app, 'AimsEvidence', readSettings(app.node)) };
}

const rulesBroken = (app: App) => new AwsSolutionsChecks().validateScope(app).violations.map((violation) => violation.ruleName);

describe('the AIMS Evidence stack', () => {
  it('says which bucket holds the evidence, and is not deleted by accident', () => {
    const { stack } = deployed();
    Template.fromStack(stack).hasOutput('VaultBucket', { Value: { Ref: Match.stringLikeRegexp('^VaultBucket') } });
    expect(stack.terminationProtection).toBe(true);
  });

  it('breaks no rule of the AWS solutions pack', () => {
    const bare = new App();
    new Bucket(new Stack(bare, 'Bare'), 'Bucket');
    expect(rulesBroken(bare)).toEqual(expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10']));
    expect(rulesBroken(deployed().app)).toEqual([]);
  });

  it('reads retention and lock mode from the context, numbers as text too', () => {
    Template.fromStack(deployed({ retentionDays: '400', lockMode: 'COMPLIANCE' }).stack).hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
    });
  });

  it.each([{ retentionDays: '0' }, { retentionDays: 'long' }, { lockMode: 'compliance' }])('refuses the context %j', (context) => {
    expect(() => deployed(context)).toThrow(expect.objectContaining({ name: 'ZodError' }));
  });
});
