// SPDX-License-Identifier: Apache-2.0
import { arrayAt, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { ScopeFile } from '../../evidence/scope-file.ts';

/** Data event types of AI resources, and how calls and ARNs show that such a resource is in use. Of endpoints only streamed inference is a data event. */
const types: readonly { readonly type: string; readonly member: string; readonly arn: RegExp }[] = [
  { type: 'AWS::Bedrock::AgentAlias', member: 'agentId', arn: /:bedrock:[^:]*:[^:]*:agent(?:-alias)?\// },
  { type: 'AWS::Bedrock::FlowAlias', member: 'flowIdentifier', arn: /:bedrock:[^:]*:[^:]*:flow\// },
  { type: 'AWS::Bedrock::Guardrail', member: 'guardrailIdentifier', arn: /:bedrock:[^:]*:[^:]*:guardrail\// },
  { type: 'AWS::Bedrock::KnowledgeBase', member: 'knowledgeBaseId', arn: /:bedrock:[^:]*:[^:]*:knowledge-base\// },
  { type: 'AWS::Bedrock::Prompt', member: 'promptIdentifier', arn: /:bedrock:[^:]*:[^:]*:prompt\// },
  { type: 'AWS::BedrockAgentCore::Runtime', member: 'agentRuntimeId', arn: /:bedrock-agentcore:[^:]*:[^:]*:runtime\// },
  { type: 'AWS::BedrockAgentCore::Gateway', member: 'gatewayIdentifier', arn: /:bedrock-agentcore:[^:]*:[^:]*:gateway\// },
  { type: 'AWS::BedrockAgentCore::Memory', member: 'memoryId', arn: /:bedrock-agentcore:[^:]*:[^:]*:memory\// },
  { type: 'AWS::SageMaker::Endpoint', member: 'endpointName', arn: /:sagemaker:[^:]*:[^:]*:endpoint\// },
  { type: 'AWS::SageMaker::FeatureGroup', member: 'featureGroupName', arn: /:sagemaker:[^:]*:[^:]*:feature-group\// },
];

const aiSource = /^(?:sagemaker|bedrock)[a-z-]*\.amazonaws\.com$/;

/** AI data event types that a management event shows to be in use: what it names is not being deleted. */
export function aiTypesOfEvent(event: JsonObject): readonly string[] {
  const name = stringAt(event, 'eventName') ?? '';
  if (!aiSource.test(stringAt(event, 'eventSource') ?? '') || event['errorCode'] !== undefined || name.startsWith('Delete')) return [];
  const request = event['requestParameters'];
  return types.filter(({ member }) => stringAt(request, member) !== undefined).map(({ type }) => type);
}

/** AI data event types that the scope file's ARNs declare. */
export function aiTypesOfScope(scope: ScopeFile): readonly string[] {
  const arns = scope.aiSystems.flatMap((system) => system.arns);
  return types.filter(({ arn }) => arns.some((one) => arn.test(one))).map(({ type }) => type);
}

/** AI data event types that one GetEventSelectors answer selects, in either form of selectors. */
export function aiTypesSelected(selectors: Json): readonly string[] {
  const basic = arrayAt(selectors, 'EventSelectors').flatMap((one) =>
    arrayAt(one, 'DataResources').map((resource) => stringAt(resource, 'Type')),
  );
  const advanced = arrayAt(selectors, 'AdvancedEventSelectors').flatMap((one) => selectedByFields(arrayAt(one, 'FieldSelectors')));
  const selected = new Set([...basic, ...advanced]);
  return types.map(({ type }) => type).filter((type) => selected.has(type));
}

// A selector narrowed to single resources, names or read calls does not record every use of the type.
function selectedByFields(fields: readonly Json[]): readonly string[] {
  const isNarrowed = fields.some((field) => !['eventCategory', 'resources.type'].includes(stringAt(field, 'Field') ?? ''));
  const isData = fields.some((field) => stringAt(field, 'Field') === 'eventCategory' && arrayAt(field, 'Equals').includes('Data'));
  if (isNarrowed || !isData) return [];
  return fields
    .filter((field) => stringAt(field, 'Field') === 'resources.type')
    .flatMap((field) => arrayAt(field, 'Equals').filter((one) => typeof one === 'string'));
}

/** What is known of AI types and their selection, as facts of one GetEventSelectors answer. */
export interface AiDataEvents {
  /** Types that events or the scope file show in use. */
  readonly aiTypesInUse: readonly string[];
  /** Types that some active trail selects whole. */
  readonly aiTypesSelected: readonly string[];
}

/** `aiDataEvents` of the types in use and of those that some active trail selects; null where none is in use. */
export function aiDataEventsFact({ aiTypesInUse, aiTypesSelected }: AiDataEvents): 'all' | 'some' | 'none' | null {
  if (aiTypesInUse.length === 0) return null;
  const covered = aiTypesInUse.filter((type) => aiTypesSelected.includes(type)).length;
  return covered === aiTypesInUse.length ? 'all' : covered > 0 ? 'some' : 'none';
}

/** The types that a reader's context or the facts of an earlier record name. */
export function aiDataEventsIn(value: Json): AiDataEvents {
  const texts = (name: string) => arrayAt(value, name).filter((one) => typeof one === 'string');
  return { aiTypesInUse: texts('aiTypesInUse'), aiTypesSelected: texts('aiTypesSelected') };
}
