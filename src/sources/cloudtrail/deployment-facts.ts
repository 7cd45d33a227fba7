// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Facts } from '../../evidence/observation.ts';
import type { Place } from './event-resources.ts';

/** What an event adds to the chain from a model version to its deployment, and under which key it is found again. */
export interface DeploymentFacts {
  readonly findingKey: string | null;
  readonly facts: Facts;
}

const none: DeploymentFacts = { findingKey: null, facts: {} };

/** Finding key of everything that happened to one model package, by ARN. */
export function modelPackageKey(arn: string): string {
  return `cloudtrail|model-package|${arn.toLowerCase()}`;
}

/** Finding key of one model or endpoint configuration, by name in its account and Region. */
export function sageMakerKey(type: 'model' | 'endpoint-config', name: string, place: Place): string {
  return `cloudtrail|${type}|${place.account}|${place.region}|${name.toLowerCase()}`;
}

/** Finding key of one policy of an organisation. */
export function organizationPolicyKey(policyId: string): string {
  return `cloudtrail|organizations-policy|${policyId}`;
}

/**
 * Facts that later events need of this one: registration and approval of model packages, the package of a model, the models of an
 * endpoint configuration, the type of an organisation's policy. Called for every carried-out event, so it decides by name first.
 */
export function deploymentFacts(detail: JsonObject, eventSource: string, eventName: string, place: Place): DeploymentFacts {
  if (eventSource === 'organizations.amazonaws.com') return policyFacts(detail, eventName);
  if (eventSource !== 'sagemaker.amazonaws.com') return none;
  switch (eventName) {
    case 'CreateModelPackage':
      return packageFacts(detail, stringAt(detail, 'responseElements', 'modelPackageArn'), 'registered');
    case 'UpdateModelPackage':
      return packageFacts(detail, stringAt(detail, 'requestParameters', 'modelPackageArn'), 'updated');
    case 'CreateModel':
      return modelFacts(detail, place);
    case 'CreateEndpointConfig':
      return endpointConfigFacts(detail, place);
    default:
      return none;
  }
}

function packageFacts(detail: JsonObject, arn: string | undefined, step: string): DeploymentFacts {
  if (arn === undefined) return none;
  const status = stringAt(detail, 'requestParameters', 'modelApprovalStatus');
  const principal = stringAt(detail, 'userIdentity', 'arn');
  const sourceIdentity = stringAt(detail, 'userIdentity', 'sessionContext', 'sourceIdentity');
  const facts = {
    modelPackageStep: step,
    ...(status === undefined ? {} : { modelApprovalStatus: status }),
    ...(principal === undefined ? {} : { principalArn: principal }),
    ...(sourceIdentity === undefined ? {} : { principalSourceIdentity: sourceIdentity }),
  };
  return { findingKey: modelPackageKey(arn), facts };
}

function modelFacts(detail: JsonObject, place: Place): DeploymentFacts {
  const name = stringAt(detail, 'requestParameters', 'modelName');
  if (name === undefined) return none;
  const primary = at(detail, 'requestParameters', 'primaryContainer');
  const containers = [
    ...(primary === undefined || primary === null ? [] : [primary]),
    ...arrayAt(detail, 'requestParameters', 'containers'),
  ];
  const packages = containers.map((container) => stringAt(container, 'modelPackageName'));
  const named = packages.filter((one) => one !== undefined).map((one) => packageArn(one, place));
  // A model with a container that comes from no package cannot be followed to approvals as a whole.
  const facts = named.length > 0 && named.length === packages.length ? { modelPackages: [...new Set(named)] } : {};
  return { findingKey: sageMakerKey('model', name, place), facts };
}

function packageArn(name: string, place: Place): string {
  return name.startsWith('arn:')
    ? name
    : `arn:${place.partition}:sagemaker:${place.region}:${place.account}:model-package/${name.toLowerCase()}`;
}

function endpointConfigFacts(detail: JsonObject, place: Place): DeploymentFacts {
  const name = stringAt(detail, 'requestParameters', 'endpointConfigName');
  if (name === undefined) return none;
  const models = arrayAt(detail, 'requestParameters', 'productionVariants').map((variant) => stringAt(variant, 'modelName'));
  const named = models.filter((one) => one !== undefined);
  const facts = named.length > 0 && named.length === models.length ? { deployedModels: [...new Set(named)] } : {};
  return { findingKey: sageMakerKey('endpoint-config', name, place), facts };
}

// AWS's own policy of this id is a service control policy: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
const fullAccess = 'p-FullAWSAccess';

function policyFacts(detail: JsonObject, eventName: string): DeploymentFacts {
  const summary = at(detail, 'responseElements', 'policy', 'policySummary');
  const policyId = stringAt(detail, 'requestParameters', 'policyId');
  const type = stringAt(summary, 'type') ?? (policyId === fullAccess ? 'SERVICE_CONTROL_POLICY' : undefined);
  const facts = type === undefined ? {} : { organizationPolicyType: type };
  const createdId = stringAt(summary, 'id');
  if (eventName !== 'CreatePolicy' || createdId === undefined) return { findingKey: null, facts };
  const requested = stringAt(detail, 'requestParameters', 'type');
  return { findingKey: organizationPolicyKey(createdId), facts: requested === undefined ? facts : { organizationPolicyType: requested } };
}
