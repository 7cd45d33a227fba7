// SPDX-License-Identifier: Apache-2.0
import { at, type Json, stringAt } from '../../evidence/json.ts';
import type { Facts, Observation } from '../../evidence/observation.ts';
import type { Derivation, DerivationContext, SeriesEntry } from '../source.ts';
import { aiDataEventsIn } from './ai-data-events.ts';
import { modelPackageKey, organizationPolicyKey, sageMakerKey } from './deployment-facts.ts';
import { selectorsForm } from './interpret-state.ts';

/** Events of one model package that are looked back over: a version is decided a few times in its life. */
const lookBack = 200;

const deployments = new Set(['CreateEndpoint', 'UpdateEndpoint', 'CreateInferenceComponent', 'UpdateInferenceComponent']);
const policyCalls = new Set(['AttachPolicy', 'DetachPolicy', 'DeletePolicy', 'UpdatePolicy']);

/** Whether every model version behind a deployment stood approved, by a decision of its own, when it was deployed. */
export const approvedBeforeDeploy: Derivation = {
  id: 'cloudtrail.approvedBeforeDeploy',
  when: 'run-end',
  concerns: (observation) => isCarriedOut(observation, 'sagemaker.amazonaws.com', deployments),
  derive: async (observation, context) => {
    const packages = await packagesBehind(observation, context);
    if (packages === null) return observation;
    const approvals: boolean[] = [];
    for (const arn of packages) {
      const approved = await isApproved(arn, observation, context);
      // Nothing at all is known of the version: what we did not see is not called unapproved.
      if (approved === null) return observation;
      approvals.push(approved);
    }
    return withFacts(observation, { approvedBeforeDeploy: approvals.every(Boolean) });
  },
};

/** Whether the principal of an approving call is the one that registered the model version. */
export const approverIsSubmitter: Derivation = {
  id: 'cloudtrail.approverIsSubmitter',
  when: 'run-end',
  concerns: (observation) =>
    isCarriedOut(observation, 'sagemaker.amazonaws.com', new Set(['UpdateModelPackage'])) &&
    observation.findingKey !== null &&
    observation.facts['modelApprovalStatus'] === 'Approved',
  derive: async (observation, context) => {
    const series = await seriesBefore(observation.findingKey ?? '', observation, context);
    const registered = series.find((entry) => entry.facts['modelPackageStep'] === 'registered');
    const isSame = registered === undefined ? null : isSamePrincipal(observation.facts, registered.facts);
    return isSame === null ? observation : withFacts(observation, { approverIsSubmitter: isSame });
  },
};

/** The AI types in use, where a short window shows only some of them: those that were known before are added. */
export const aiTypesKnown: Derivation = {
  id: 'cloudtrail.aiTypesKnown',
  when: 'in-order',
  concerns: ({ kind, sourceIdentity, facts }) =>
    kind === 'state' && sourceIdentity.startsWith('event-selectors|') && facts['aiTypesSeenIn'] !== 'long',
  derive: async (observation, { history }) => {
    const [before] = await history.series(observation.findingKey ?? '', { before: '9999', limit: 1 });
    if (before === undefined) return observation;
    const known = aiDataEventsIn(before.facts).aiTypesInUse;
    const aiTypesInUse = [...new Set([...aiDataEventsIn(observation.facts).aiTypesInUse, ...known])].sort();
    return { ...observation, ...selectorsForm({ ...observation.facts, aiTypesInUse }) };
  },
};

/** The type of the policy that a call on an organisation names only by its id, from the call that made the policy. */
export const organizationPolicyType: Derivation = {
  id: 'cloudtrail.organizationPolicyType',
  when: 'run-end',
  concerns: (observation) =>
    isCarriedOut(observation, 'organizations.amazonaws.com', policyCalls) && observation.facts['organizationPolicyType'] === undefined,
  derive: async (observation, context) => {
    const policyId = stringAt(observation.detail, 'requestParameters', 'policyId');
    if (policyId === undefined) return observation;
    const [created] = await seriesBefore(organizationPolicyKey(policyId), observation, context);
    const type = created?.facts['organizationPolicyType'];
    return type === undefined ? observation : withFacts(observation, { organizationPolicyType: type });
  },
};

function isCarriedOut({ kind, detail }: Observation, eventSource: string, names: ReadonlySet<string>): boolean {
  return (
    kind === 'activity' &&
    detail['eventSource'] === eventSource &&
    detail['errorCode'] === undefined &&
    names.has(String(detail['eventName']))
  );
}

function withFacts(observation: Observation, facts: Facts): Observation {
  return { ...observation, facts: { ...observation.facts, ...facts } };
}

async function seriesBefore(findingKey: string, observation: Observation, context: DerivationContext): Promise<readonly SeriesEntry[]> {
  if (observation.occurredAt === null) return [];
  return await context.history.series(findingKey, { before: observation.occurredAt, limit: lookBack });
}

// Null where the chain cannot be followed to model packages.
async function packagesBehind(observation: Observation, context: DerivationContext): Promise<readonly string[] | null> {
  const models = await modelsOf(observation, context);
  if (models.length === 0) return null;
  const packages: string[] = [];
  for (const model of models) {
    const [created] = await seriesBefore(sageMakerKey('model', model, observation), observation, context);
    const named = textsOf(created?.facts['modelPackages']);
    if (named.length === 0) return null;
    packages.push(...named);
  }
  return packages;
}

async function modelsOf(observation: Observation, context: DerivationContext): Promise<readonly string[]> {
  const request = at(observation.detail, 'requestParameters');
  const model = stringAt(request, 'specification', 'modelName');
  if (model !== undefined) return [model];
  const config = stringAt(request, 'endpointConfigName');
  if (config === undefined) return [];
  const [created] = await seriesBefore(sageMakerKey('endpoint-config', config, observation), observation, context);
  return textsOf(created?.facts['deployedModels']);
}

async function isApproved(arn: string, observation: Observation, context: DerivationContext): Promise<boolean | null> {
  const series = await seriesBefore(modelPackageKey(arn), observation, context);
  if (series.length === 0) return null;
  // A version registered as Approved has no decision of its own: only an update decides.
  const decided = series.find((entry) => entry.facts['modelPackageStep'] === 'updated' && entry.facts['modelApprovalStatus'] !== undefined);
  return decided?.facts['modelApprovalStatus'] === 'Approved';
}

// By source identity where both calls carry one, which survives role chaining; else by ARN with its session name.
function isSamePrincipal(one: Facts, other: Facts): boolean | null {
  const [a, b] = [one['principalSourceIdentity'], other['principalSourceIdentity']];
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  const [arn, otherArn] = [one['principalArn'], other['principalArn']];
  return typeof arn === 'string' && typeof otherArn === 'string' ? arn === otherArn : null;
}

function textsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one: Json) => typeof one === 'string') : [];
}
