// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Facts, Observation } from '../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { createCloudTrail } from '../../../src/sources/cloudtrail.ts';
import type { History } from '../../../src/sources/source.ts';
import { asDefined } from '../../support/defined-facts.ts';
import { trailRecord } from '../../support/intake.ts';

const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
const context = { partition: 'aws', account: '', region: '', sweptAt: '2026-11-20T12:00:00Z' };
const packageArn = 'arn:aws:sagemaker:eu-west-1:111122223333:model-package/credit/7';
let made = 0;

function event(eventName: string, time: string, members: object): Observation {
  const text = trailRecord(`e${made++}`, { eventName, eventTime: `2026-11-19T${time}:00Z`, ...members });
  const [found] = source.interpret(
    { source: 'cloudtrail', shape: 'event', text, channel: { kind: 'api', requestId: '' }, context },
    JSON.parse(text),
  );
  if (found === undefined || 'gap' in found) throw new Error('no observation');
  return found.observation;
}

function historyOf(observations: readonly Observation[]): History {
  return {
    series: async (findingKey, { before, limit }) =>
      observations
        .filter((one) => one.findingKey === findingKey && (one.occurredAt ?? '') <= before)
        .sort((a, b) => ((a.occurredAt ?? '') < (b.occurredAt ?? '') ? 1 : -1))
        .slice(0, limit)
        .map((one) => ({ recordId: one.sourceIdentity, source: one.source, occurredAt: one.occurredAt ?? '', facts: one.facts })),
  };
}

async function derived(observation: Observation, earlier: readonly Observation[]): Promise<Facts> {
  let result = observation;
  for (const derivation of source.derivations) {
    // What is derived in order is not yet part of the history; at the end of a run all of it is.
    const before = derivation.when === 'in-order' ? earlier : [...earlier, observation];
    if (derivation.concerns(result)) result = await derivation.derive(result, { history: historyOf(before), sweptAt: context.sweptAt });
  }
  return asDefined(result).facts;
}

const by = (session: string, sourceIdentity?: string) => ({
  userIdentity: {
    type: 'AssumedRole',
    arn: `arn:aws:sts::111122223333:assumed-role/r/${session}`,
    accountId: '111122223333',
    sessionContext: sourceIdentity === undefined ? {} : { sourceIdentity },
  },
});
const registered = (who = by('ann'), status = 'PendingManualApproval') =>
  event('CreateModelPackage', '08:00', {
    ...who,
    requestParameters: { modelApprovalStatus: status },
    responseElements: { modelPackageArn: packageArn },
  });
const decided = (time: string, modelApprovalStatus: string, who = by('bo')) =>
  event('UpdateModelPackage', time, { ...who, requestParameters: { modelPackageArn: packageArn, modelApprovalStatus } });
const model = (name = 'm', container: object = { modelPackageName: packageArn }) =>
  event('CreateModel', '08:10', { requestParameters: { modelName: name, primaryContainer: container } });
const config = (...models: string[]) =>
  event('CreateEndpointConfig', '08:20', {
    requestParameters: { endpointConfigName: 'C', productionVariants: models.map((modelName) => ({ modelName })) },
  });
const deployed = (time = '10:00', eventName = 'CreateEndpoint') =>
  event(eventName, time, { requestParameters: { endpointName: 'e', endpointConfigName: 'c' } });

describe('approval before deployment', () => {
  it('is true when every version behind the endpoint stood approved by a decision of its own', async () => {
    const earlier = [registered(), decided('09:00', 'Approved'), model(), config('m')];
    expect(await derived(deployed(), earlier)).toEqual({ approvedBeforeDeploy: true });
    expect(await derived(deployed('10:00', 'UpdateEndpoint'), earlier)).toEqual({ approvedBeforeDeploy: true });
  });

  it('is false when the approval came later, was taken back, or was none of its own', async () => {
    const chain = [model(), config('m')];
    expect(await derived(deployed(), [registered(), decided('11:00', 'Approved'), ...chain])).toEqual({ approvedBeforeDeploy: false });
    expect(await derived(deployed(), [registered(), decided('09:00', 'Approved'), decided('09:30', 'Rejected'), ...chain])).toEqual({
      approvedBeforeDeploy: false,
    });
    expect(await derived(deployed(), [registered(by('ann'), 'Approved'), ...chain])).toEqual({ approvedBeforeDeploy: false });
  });

  it('passes over updates that decide nothing, and refused decisions', async () => {
    const chain = [registered(), decided('09:00', 'Approved'), model(), config('m')];
    const described = event('UpdateModelPackage', '09:30', {
      requestParameters: { modelPackageArn: packageArn, customerMetadataProperties: {} },
    });
    const refused = event('UpdateModelPackage', '09:40', {
      errorCode: 'AccessDenied',
      requestParameters: { modelPackageArn: packageArn, modelApprovalStatus: 'Rejected' },
    });
    expect(refused.findingKey).toBeNull();
    expect(await derived(deployed(), [...chain, described, refused])).toEqual({ approvedBeforeDeploy: true });
  });

  it('is left open where the chain cannot be followed', async () => {
    const approved = [registered(), decided('09:00', 'Approved')];
    expect(await derived(deployed(), [...approved, model()])).toEqual({});
    expect(await derived(deployed(), [...approved, config('m')])).toEqual({});
    expect(await derived(deployed(), [...approved, model('m', { image: 'x' }), config('m')])).toEqual({});
    expect(await derived(deployed(), [...approved, model(), config('m', 'other')])).toEqual({});
    expect(await derived(deployed(), [model(), config('m')])).toEqual({});
  });

  it('follows an inference component to its model', async () => {
    const component = event('CreateInferenceComponent', '10:00', {
      requestParameters: { inferenceComponentName: 'i', specification: { modelName: 'm' } },
    });
    expect(await derived(component, [registered(), decided('09:00', 'Approved'), model()])).toEqual({ approvedBeforeDeploy: true });
  });

  it('is asked of carried-out deployments only', () => {
    const concerned = (observation: Observation) => source.derivations.some((derivation) => derivation.concerns(observation));
    expect(concerned(deployed())).toBe(true);
    expect(concerned(event('CreateEndpoint', '10:00', { errorCode: 'AccessDenied' }))).toBe(false);
    expect(concerned(event('DescribeEndpoint', '10:00', {}))).toBe(false);
  });
});

describe('who approves', () => {
  it('is compared with who registered, by source identity where both have one', async () => {
    expect(await derived(decided('09:00', 'Approved', by('bo')), [registered(by('ann'))])).toMatchObject({ approverIsSubmitter: false });
    expect(await derived(decided('09:00', 'Approved', by('ann')), [registered(by('ann'))])).toMatchObject({ approverIsSubmitter: true });
    expect(await derived(decided('09:00', 'Approved', by('x', 'ann')), [registered(by('y', 'ann'))])).toMatchObject({
      approverIsSubmitter: true,
    });
    expect(await derived(decided('09:00', 'Approved', by('ann')), [registered(by('ann', 'id'))])).toMatchObject({
      approverIsSubmitter: true,
    });
  });

  it('leaves who decided in the record, with the source identity where the session has one', async () => {
    expect(await derived(decided('09:00', 'Approved', by('x', 'ann')), [])).toMatchObject({ principalSourceIdentity: 'ann' });
    expect(await derived(decided('09:00', 'Approved', by('x')), [])).not.toHaveProperty('principalSourceIdentity');
  });

  it('is left open without the registering event, and not asked of other decisions', async () => {
    expect(await derived(decided('09:00', 'Approved'), [])).not.toHaveProperty('approverIsSubmitter');
    expect(await derived(decided('09:00', 'Rejected', by('ann')), [registered(by('ann'))])).not.toHaveProperty('approverIsSubmitter');
  });
});

describe('the type of a policy of the organisation', () => {
  const organizations = { eventSource: 'organizations.amazonaws.com' };
  const policy = { policy: { policySummary: { id: 'p-1', type: 'AISERVICES_OPT_OUT_POLICY' } } };
  const createdPolicy = () =>
    event('CreatePolicy', '08:00', {
      ...organizations,
      requestParameters: { type: 'AISERVICES_OPT_OUT_POLICY' },
      responseElements: policy,
    });
  const attached = (policyId: string) =>
    event('AttachPolicy', '09:00', { ...organizations, requestParameters: { policyId, targetId: 'r-1' } });

  it('comes from the call that made it, or is left open', async () => {
    expect(await derived(attached('p-1'), [createdPolicy()])).toEqual({ organizationPolicyType: 'AISERVICES_OPT_OUT_POLICY' });
    expect(await derived(attached('p-2'), [createdPolicy()])).toEqual({});
  });

  it('is read from the call itself where it says it', async () => {
    expect(await derived(attached('p-FullAWSAccess'), [])).toEqual({ organizationPolicyType: 'SERVICE_CONTROL_POLICY' });
    const updated = event('UpdatePolicy', '09:00', { ...organizations, requestParameters: { policyId: 'p-1' }, responseElements: policy });
    expect(await derived(updated, [])).toEqual({ organizationPolicyType: 'AISERVICES_OPT_OUT_POLICY' });
  });
});

describe('the AI types in use', () => {
  const [endpoint, guardrail] = ['AWS::SageMaker::Endpoint', 'AWS::Bedrock::Guardrail'];
  const selectors = (aiTypesSeenIn: 'long' | 'short', aiTypesInUse: string[], sweptAt = context.sweptAt): Observation => {
    const joined = { operation: 'GetEventSelectors', aiTypesInUse, aiTypesSelected: [endpoint], aiTypesSeenIn };
    const TrailARN = 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/main';
    const item = {
      source: 'cloudtrail',
      shape: 'state',
      text: JSON.stringify({ TrailARN }),
      channel: { kind: 'api', requestId: '' },
    } as const;
    const [found] = source.interpret({ ...item, context: { ...context, sweptAt, ...joined } }, { TrailARN });
    if (found === undefined || 'gap' in found) throw new Error('no observation');
    return found.observation;
  };

  it('are those of earlier windows too where a short one shows few, so that a quiet hour says nothing new', async () => {
    const before = selectors('long', [endpoint, guardrail], '2026-11-19T12:00:00Z');
    expect(before.facts['aiDataEvents']).toBe('some');
    expect(await derived(selectors('short', []), [before])).toMatchObject({ aiDataEvents: 'some', aiTypesInUse: [guardrail, endpoint] });
  });

  it('are only those seen where the window is long, or nothing was known', async () => {
    const before = selectors('long', [endpoint, guardrail], '2026-11-19T12:00:00Z');
    expect(await derived(selectors('long', [endpoint]), [before])).toMatchObject({ aiDataEvents: 'all', aiTypesInUse: [endpoint] });
    expect(await derived(selectors('short', [endpoint]), [])).toMatchObject({ aiDataEvents: 'all', aiTypesInUse: [endpoint] });
  });
});
