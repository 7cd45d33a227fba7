// SPDX-License-Identifier: Apache-2.0
import type { SampleSystem } from '../world.ts';
import { type Caller, dayMs, hourMs, minuteMs, type SampleEvent } from './sample-record.ts';

const engineer: Caller = { role: 'claims-engineering', session: 't.moreau' };
const triage: Caller = { role: 'claims-triage-runtime', session: 'triage-service' };
const intruder: Caller = { role: 'claims-contractor', session: 'x.unknown' };

/** Claims triage: a version deployed before anyone approved it, approved later by the one who registered it, with people in the loop. */
export function claimsTriageEvents(system: SampleSystem, since: number): readonly SampleEvent[] {
  const events = [...hastyRelease(system, since + 2 * dayMs + 10 * hourMs), ...refusals(system, since + 12 * dayMs + 23 * hourMs)];
  for (let day = 0; day < 30; day++) {
    for (let turn = 0; turn < 3; turn++) events.push(humanLoop(system, since + day * dayMs + (9 + 3 * turn) * hourMs, `${day}-${turn}`));
  }
  return events;
}

function hastyRelease(system: SampleSystem, start: number): SampleEvent[] {
  const prefix = `arn:aws:sagemaker:${system.region}:${system.account}`;
  const modelPackageArn = `${prefix}:model-package/${system.parts['modelPackageGroup'] ?? ''}/2`;
  const modelName = system.parts['model'] ?? '';
  const endpointConfigName = system.parts['endpointConfig'] ?? '';
  const shared = { source: 'sagemaker', by: engineer } as const;
  const tags = [{ key: 'ai-system', value: system.tag }];
  const model = { modelName, primaryContainer: { modelPackageName: modelPackageArn }, tags };
  const config = {
    endpointConfigName,
    productionVariants: [{ variantName: 'main', modelName, initialInstanceCount: 1, instanceType: 'ml.g5.xlarge' }],
    tags,
  };
  const registration = { modelPackageGroupName: system.parts['modelPackageGroup'] ?? '', modelApprovalStatus: 'PendingManualApproval' };
  return [
    { ...shared, at: start, name: 'CreateModelPackage', request: registration, response: { modelPackageArn } },
    { ...shared, at: start + hourMs, name: 'CreateModel', request: model, response: { modelArn: `${prefix}:model/${modelName}` } },
    {
      ...shared,
      at: start + hourMs + minuteMs,
      name: 'CreateEndpointConfig',
      request: config,
      response: { endpointConfigArn: `${prefix}:endpoint-config/${endpointConfigName}` },
    },
    {
      ...shared,
      at: start + hourMs + 2 * minuteMs,
      name: 'CreateEndpoint',
      request: { endpointName: system.parts['endpoint'] ?? '', endpointConfigName, tags },
      response: { endpointArn: `${prefix}:endpoint/${system.parts['endpoint'] ?? ''}` },
    },
    {
      ...shared,
      at: start + 3 * dayMs,
      name: 'UpdateModelPackage',
      request: { modelPackageArn, modelApprovalStatus: 'Approved' },
      response: { modelPackageArn },
    },
  ];
}

function humanLoop(system: SampleSystem, at: number, name: string): SampleEvent {
  const flowDefinitionArn = `arn:aws:sagemaker:${system.region}:${system.account}:flow-definition/${system.parts['humanReviewFlow'] ?? ''}`;
  const request = { humanLoopName: `claim-${name}`, flowDefinitionArn, humanLoopInput: 'HIDDEN_DUE_TO_SECURITY_REASONS' };
  const response = { humanLoopArn: `arn:aws:sagemaker:${system.region}:${system.account}:human-loop/claim-${name}` };
  return { at, by: triage, source: 'sagemaker', name: 'StartHumanLoop', request, response };
}

function refusals(system: SampleSystem, at: number): SampleEvent[] {
  const arn = `arn:aws:cloudtrail:${system.region}:${system.account}:trail/claims-trail`;
  const denied = (action: string) => ({
    code: 'AccessDenied',
    message: `User: arn:aws:sts::${system.account}:assumed-role/${intruder.role}/${intruder.session} is not authorized to perform: ${action} with an explicit deny in a service control policy`,
  });
  return [
    { at, by: intruder, source: 'cloudtrail', name: 'StopLogging', request: { name: arn }, error: denied('cloudtrail:StopLogging') },
    {
      at: at + 4 * minuteMs,
      by: intruder,
      source: 'sagemaker',
      name: 'DeleteEndpoint',
      request: null,
      error: denied('sagemaker:DeleteEndpoint'),
    },
  ];
}
