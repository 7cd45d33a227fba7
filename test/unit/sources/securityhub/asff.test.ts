// SPDX-License-Identifier: Apache-2.0
import { AwsSecurityFinding$ } from '@aws-sdk/client-securityhub';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { asff } from '../../../fixtures/securityhub/findings.ts';
import { deviationsFrom } from '../../../support/sdk-schema.ts';
import { itemOf, observe, securityHub } from '../../../support/securityhub.ts';

const { Compliance: _, ...withoutCompliance } = asff;
const text = JSON.stringify(asff);

/** A finding as a standard of its own writes it, before consolidation. */
function ofStandard(standard: string, number: string, more: JsonObject = {}): JsonObject {
  return {
    ...asff,
    Id: `arn:aws:securityhub:eu-west-1:111122223333:subscription/${standard}/${number}/finding/0a1b`,
    GeneratorId: `arn:aws:securityhub:::ruleset/${standard}/rule/${number}`,
    Compliance: { Status: 'FAILED' },
    ...more,
  };
}

describe('an ASFF finding', () => {
  it('of the fixtures has the shape of the SDK', () => {
    expect(deviationsFrom(AwsSecurityFinding$, asff)).toEqual([]);
    expect(deviationsFrom(AwsSecurityFinding$, { ...asff, Surprise: 1 })).toEqual(['$.Surprise: unknown member']);
  });

  it('becomes an observation of its own account and Region, with its text as it came', () => {
    const spaced = JSON.stringify(asff, null, 2);
    const [read] = securityHub().interpret(itemOf('asff', spaced), JSON.parse(spaced));
    expect(read).toMatchObject({
      observation: {
        source: 'securityhub',
        kind: 'finding',
        account: '111122223333',
        region: 'eu-west-1',
        sourceIdentity: `${asff['ProductArn']}|${asff['Id']}`,
        versionKey: ['2026-11-01T10:00:00.000Z', '2026-11-01T10:00:04.000Z', 'NEW', 'ACTIVE'],
        findingKey: 'securityhub|aws|111122223333|eu-west-1|S3.8|arn:aws:s3:::amzn-s3-demo-bucket',
        occurredAt: '2026-11-01T10:00:04.000Z',
        observedAt: '2026-11-01T10:00:07.000Z',
        severity: 'HIGH',
        resources: [{ arn: 'arn:aws:s3:::amzn-s3-demo-bucket', type: 'AWS::S3::Bucket', tags: { 'ai-system': 'claims' } }],
        text: spaced,
      },
    });
  });

  it('gives the facts that rules read', () => {
    expect(observe('asff', asff).facts).toMatchObject({
      product: 'securityhub',
      vendor: 'aws',
      controlId: 'S3.8',
      controlMapped: true,
      standard: ['fsbp', 'cis-1.2'],
      outcome: 'FAILED',
      recordState: 'ACTIVE',
      workflow: 'NEW',
      severity: 'HIGH',
      resourceTypes: ['AWS::S3::Bucket'],
    });
  });

  it('reads a pass that evaluated nothing as no result, and any other pass as a pass', () => {
    const empty = { Status: 'PASSED', StatusReasons: [{ ReasonCode: 'CONFIG_EVALUATIONS_EMPTY' }] };
    expect(observe('asff', { ...asff, Compliance: empty }).facts['outcome']).toBe('NOT_AVAILABLE');
    const other = { Status: 'PASSED', StatusReasons: [{ ReasonCode: 'CLOUDTRAIL_MULTI_REGION_NOT_PRESENT' }] };
    expect(observe('asff', { ...asff, Compliance: other }).facts['outcome']).toBe('PASSED');
    expect(observe('asff', { ...asff, Compliance: { ...empty, Status: 'FAILED' } }).facts['outcome']).toBe('FAILED');
    expect(observe('asff', withoutCompliance).facts).not.toHaveProperty('outcome');
  });

  it.each([
    ['cis-aws-foundations-benchmark/v/1.2.0', '2.8', 'KMS.4', 'cis-1.2'],
    ['cis-aws-foundations-benchmark/v/1.4.0', '3.8', 'KMS.4', 'cis-1.4'],
    ['aws-foundational-security-best-practices/v/1.0.0', 'SageMaker.1', 'SageMaker.1', 'fsbp'],
    ['service-managed-aws-control-tower/v/1.0.0', 'CT.S3.8', 'S3.8', 'control-tower'],
    ['pci-dss/v/3.2.1', 'PCI.SageMaker.1', 'SageMaker.1', 'pci-3.2.1'],
    ['pci-dss/v/3.2.1', 'PCI.OpenSearch.1', 'Opensearch.2', 'pci-3.2.1'],
  ])('of %s number %s is control %s', (standard, number, controlId, code) => {
    const { facts } = observe('asff', ofStandard(standard, number));
    expect(facts).toMatchObject({ controlId, standard: [code] });
  });

  it('of an unknown number or benchmark names no control and is not mapped', () => {
    const { facts } = observe('asff', ofStandard('cis-aws-foundations-benchmark/v/1.7.0', '1.6'));
    expect(facts).not.toHaveProperty('controlId');
    expect(facts).toMatchObject({ controlMapped: false, standard: ['cis-aws-foundations-benchmark/v/1.7.0'] });
  });

  it('of a number for two controls is decided by the resource, and left open where that does not help', () => {
    const number = (type: string) =>
      observe('asff', ofStandard('cis-aws-foundations-benchmark/v/3.0.0', '2.1.4', { Resources: [{ Type: type, Id: 'x' }] }));
    expect(number('AwsAccount').facts['controlId']).toBe('S3.1');
    expect(number('AwsS3Bucket').facts['controlId']).toBe('S3.8');
    expect(number('AwsKmsKey').facts).not.toHaveProperty('controlId');
    expect(observe('asff', ofStandard('cis-aws-foundations-benchmark/v/5.0.0', '2.3.1')).facts).not.toHaveProperty('controlId');
  });

  it('finds standard and number in ProductFields where no id holds them', () => {
    const ProductFields = { StandardsGuideArn: 'arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0', RuleId: '2.8' };
    const plain = { ...asff, Id: 'a', GeneratorId: 'b', Compliance: { Status: 'FAILED' }, ProductFields };
    expect(observe('asff', plain).facts).toMatchObject({ controlId: 'KMS.4', standard: ['cis-1.2'] });
  });

  it('keeps one finding key over consolidation, over standards, and over Regions for IAM', () => {
    const key = { Type: 'AwsKmsKey', Id: 'arn:aws:kms:eu-west-1:111122223333:key/1' };
    const before = observe('asff', ofStandard('cis-aws-foundations-benchmark/v/1.2.0', '2.8', { Resources: [key] }));
    const after = observe('asff', { ...asff, Compliance: { Status: 'FAILED', SecurityControlId: 'KMS.4' }, Resources: [key] });
    expect(before.sourceIdentity).not.toBe(after.sourceIdentity);
    expect(before.findingKey).toBe(after.findingKey);
    const iam = (Region: string) => ({
      ...asff,
      Region,
      Compliance: { Status: 'FAILED', SecurityControlId: 'IAM.6' },
      Resources: [{ Type: 'AwsAccount', Id: 'AWS::::Account:111122223333' }],
    });
    expect(observe('asff', iam('eu-west-1')).findingKey).toBe('securityhub|aws|111122223333||IAM.6|111122223333');
    expect(observe('asff', iam('us-east-1')).findingKey).toBe(observe('asff', iam('eu-west-1')).findingKey);
  });

  it('of another product has a key of product, account and id, and no control', () => {
    const threat = {
      ...withoutCompliance,
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/guardduty',
      Id: 'arn:aws:guardduty:x',
      GeneratorId: 'security-control/S3.8',
    };
    const { facts, findingKey } = observe('asff', threat);
    expect(findingKey).toBe('securityhub|guardduty|111122223333|arn:aws:guardduty:x');
    expect(facts).not.toHaveProperty('controlId');
  });

  it('of a partner whose product borrows the name of one of ours does not pass for ours', () => {
    const fake = observe('asff', { ...asff, ProductArn: 'arn:aws:securityhub:eu-west-1::product/acme/securityhub' });
    expect(fake.facts).toMatchObject({ product: 'acme/securityhub', vendor: 'partner', controlMapped: false });
    expect(fake.facts).not.toHaveProperty('controlId');
    const own = observe('asff', { ...asff, ProductArn: 'arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default' });
    expect(own.facts).toMatchObject({ product: 'custom', vendor: 'custom' });
  });

  it('knows whether a tagging control asks for the tag of AI systems', () => {
    const asks = (Value: string[]) => ({
      ...asff,
      Compliance: { Status: 'PASSED', SecurityControlId: 'S3.8', SecurityControlParameters: [{ Name: 'requiredTagKeys', Value }] },
    });
    expect(observe('asff', asks(['ai-system', 'owner'])).facts['requiresSystemTag']).toBe(true);
    expect(observe('asff', asks(['owner'])).facts['requiresSystemTag']).toBe(false);
    expect(observe('asff', asff).facts).not.toHaveProperty('requiresSystemTag');
  });

  it('without what the model requires is kept and mapped all the same', () => {
    const bare = observe('asff', {
      Id: 'x',
      ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/securityhub',
      Compliance: null,
      Resources: null,
      Severity: { Label: 'ODD' },
    });
    expect(bare).toMatchObject({
      account: '999999999999',
      region: 'eu-west-1',
      severity: null,
      versionKey: 'content',
      title: 'x',
      resources: [],
    });
    expect(bare.facts).toMatchObject({ product: 'securityhub', recordState: 'ACTIVE', workflow: 'NEW', controlMapped: false });
    const odd = observe('asff', { ...asff, RecordState: 'PAUSED', Compliance: { Status: 'MAYBE', SecurityControlId: 'S3.8' } });
    expect(odd.facts).toMatchObject({ recordState: 'PAUSED', outcome: 'MAYBE', controlId: 'S3.8' });
  });

  it('without an Id is read by the id that Security Hub keeps inside, and is a gap where there is none', () => {
    const { Id: _id, ...rest } = asff;
    const inside = { 'aws/securityhub/FindingId': `${asff['ProductArn']}/${asff['Id']}` };
    expect(observe('asff', { ...rest, ProductFields: inside }).sourceIdentity).toBe(observe('asff', asff).sourceIdentity);
    const [gap] = securityHub().interpret(itemOf('asff', JSON.stringify(rest)), rest);
    expect(gap).toMatchObject({
      gap: { reason: 'malformed', extent: 'item', detail: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } },
    });
    expect(securityHub().interpret(itemOf('asff', '[]'), [])).toMatchObject([{ gap: { reason: 'malformed' } }]);
  });

  it('of a severity number alone is put on the same scale', () => {
    const severity = (Normalized: number) => observe('asff', { ...asff, Severity: { Normalized } }).severity;
    expect([0, 1, 39, 40, 70, 90].map(severity)).toEqual(['INFORMATIONAL', 'LOW', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']);
  });

  it('of a shape that the source does not know is a gap', () => {
    expect(securityHub().interpret(itemOf('poem', text), asff)).toMatchObject([{ gap: { reason: 'unsupported', extent: 'item' } }]);
  });
});
