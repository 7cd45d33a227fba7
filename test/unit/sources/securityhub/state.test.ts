// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { itemOf, observe, securityHub } from '../../../support/securityhub.ts';

const prefix = 'arn:aws:securityhub:eu-west-1';
const standard = {
  StandardsArn: `${prefix}::standards/ai-security-best-practices/v/1.0.0`,
  StandardsSubscriptionArn: `${prefix}:111122223333:subscription/ai-security-best-practices/v/1.0.0`,
  StandardsStatus: 'READY',
};
const control = {
  StandardsArn: standard.StandardsArn,
  SecurityControlId: 'SageMaker.4',
  SecurityControlArn: `${prefix}:111122223333:security-control/SageMaker.4`,
  AssociationStatus: 'DISABLED',
  UpdatedReason: 'Serverless endpoints only',
  UpdatedAt: '2026-08-01T09:00:00Z',
};

describe('a state of Security Hub', () => {
  it('of a standard is told by its members and known by account, Region and standard', () => {
    expect(observe('state', standard)).toMatchObject({
      kind: 'state',
      account: '111122223333',
      region: 'eu-west-1',
      versionKey: 'content',
      sourceIdentity: `standard|${standard.StandardsArn}|111122223333|eu-west-1`,
      findingKey: `securityhub|standard|${standard.StandardsArn}|111122223333|eu-west-1`,
      detail: standard,
    });
  });

  it('of a control says whether a rule names it', () => {
    expect(observe('state', control)).toMatchObject({
      occurredAt: '2026-08-01T09:00:00.000Z',
      facts: { controlId: 'SageMaker.4', controlMapped: true },
    });
    expect(observe('state', { ...control, SecurityControlId: 'Nothing.1' }).facts).toMatchObject({ controlMapped: false });
    const [one, other] = [control, { ...control, SecurityControlId: 'SageMaker.5' }].map((detail) => observe('state', detail).findingKey);
    expect(one).not.toBe(other);
  });

  it('of a hub, and of both hubs side by side', () => {
    expect(observe('state', { HubArn: `${prefix}:111122223333:hub/default` })).toMatchObject({
      sourceIdentity: 'hub|111122223333|eu-west-1',
    });
    const newer = { HubV2Arn: `${prefix}:111122223333:hubv2/1` };
    expect(observe('state', newer, { besideCspm: true }).facts).toEqual({ besideCspm: true });
    expect(observe('state', newer, { besideCspm: false }).facts).toEqual({});
  });

  it('of aggregation names the home Region', () => {
    const arn = `${prefix}:111122223333:finding-aggregator/1`;
    expect(observe('state', { FindingAggregatorArn: arn, FindingAggregationRegion: 'eu-west-1' }).title).toBe(
      'Findings are aggregated in eu-west-1',
    );
  });

  it('of an unknown kind is a gap', () => {
    expect(securityHub().interpret(itemOf('state', '{}'), {})).toMatchObject([{ gap: { reason: 'malformed' } }]);
  });
});
