// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject } from '../../evidence/json.ts';
import type { Resource } from '../../evidence/observation.ts';
import { callNames } from './call-names.ts';
import { addCalled, type CallReaders, callReaders, mostEntries } from './call-resources.ts';
import { aiServices, type NamedResource, namedResources } from './named-resources.ts';
import { addResource, arnOf, type Place, typeOfArn } from './resource-arn.ts';

export type { Place } from './resource-arn.ts';

/** How the calls of a service name resources: by members of the request and the answer, and in ways of single calls. */
interface ServiceNames {
  readonly members: ReadonlyMap<string, NamedResource>;
  readonly calls: CallReaders | undefined;
}

const sources = [...new Set([...Object.keys(namedResources), ...Object.keys(callNames)])];
const bySource = new Map(sources.map((source) => [source, namesOf(source)]));
const aiTypes = new Map(Object.entries(aiServices));
const noNames: ServiceNames = { members: new Map(), calls: undefined };

function namesOf(source: string): ServiceNames {
  const calls = callNames[source];
  return { members: new Map(Object.entries(namedResources[source] ?? {})), calls: calls && callReaders(calls) };
}

/**
 * The resources that a CloudTrail record is about: those it lists itself, those that its request and answer name by ARN,
 * and those that members such as `endpointName`, `bucketName` or, in single calls, deeper ones name. Lean: it is called once for each of millions of records.
 */
export function eventResources(detail: JsonObject, eventSource: string, place: Place): readonly Resource[] {
  const found: Resource[] = [];
  const listed = detail['resources'];
  if (Array.isArray(listed)) for (const entry of listed) addListed(found, entry);
  const request = detail['requestParameters'];
  const answer = detail['responseElements'];
  const { members, calls } = bySource.get(eventSource) ?? noNames;
  const withTags = isJsonObject(request) ? tagsOf(request['tags']) : undefined;
  if (calls !== undefined) addCalled(found, calls, detail, place);
  if (isJsonObject(answer)) addNamed(found, answer, members, place);
  if (isJsonObject(request)) addNamed(found, request, members, place);
  const aiType = aiTypes.get(eventSource);
  if (aiType !== undefined && !found.some((one) => isOfAiService(one.type))) found.push({ arn: eventSource, type: aiType });
  const [first] = found;
  if (withTags !== undefined && first !== undefined) found[0] = { ...first, tags: withTags };
  return found;
}

function isOfAiService(type: string): boolean {
  return (
    type.startsWith('AWS::SageMaker::') ||
    type.startsWith('AWS::Bedrock') ||
    (type !== '' && aiPrefixes.some((prefix) => type.startsWith(prefix)))
  );
}

const aiPrefixes = [...new Set(Object.values(aiServices).map((type) => type.slice(0, type.lastIndexOf('::') + 2)))];

function addListed(found: Resource[], entry: Json): void {
  if (!isJsonObject(entry)) return;
  const arn = entry['ARN'] ?? entry['arn'] ?? entry['ARNPrefix'];
  if (typeof arn !== 'string') return;
  const type = entry['type'];
  addResource(found, arn, typeof type === 'string' ? type : typeOfArn(arn));
}

function addNamed(found: Resource[], parameters: JsonObject, members: ReadonlyMap<string, NamedResource>, place: Place): void {
  for (const name in parameters) {
    const value = parameters[name];
    if (typeof value !== 'string') {
      if (Array.isArray(value) && !listsUsed.has(name)) addArns(found, value);
      continue;
    }
    if (value === '') continue;
    // Roles and policies that a resource uses are not what the call is about, unless the call is to IAM itself.
    if (value.startsWith('arn:')) {
      if (!isUsedOnly(name)) addResource(found, value, members.get(name)?.[0] ?? typeOfArn(value));
      continue;
    }
    const named = members.get(name);
    if (named === undefined) continue;
    const form = named[0] === 'AWS::Bedrock::FoundationModel' && crossRegion.test(value) ? inferenceProfile : named;
    addResource(found, arnOf(form, value, place), form[0]);
  }
}

// Lists of what a call lets in, informs or uses, and is not about.
const listsUsed: ReadonlySet<string> = new Set([
  ...['alarmActions', 'insufficientDataActions', 'oKActions', 'okActions', 'notificationARNs', 'notificationArns', 'snsTopicArns'],
  ...['layers', 'principals'],
]);
const ofPrincipal = /^arn:[^:]*:(?:iam|organizations|sts):/;

function addArns(found: Resource[], list: readonly Json[]): void {
  for (const entry of list.slice(0, mostEntries)) {
    if (typeof entry === 'string' && entry.startsWith('arn:') && !ofPrincipal.test(entry)) addResource(found, entry, typeOfArn(entry));
  }
}

// A model id with a geography before it is a cross-Region inference profile, `eu.anthropic.claude-…`.
const crossRegion = /^(?:us|eu|apac|jp|au|ca|global|us-gov)\./;
const inferenceProfile: NamedResource = ['AWS::Bedrock::InferenceProfile', 'bedrock:@:$:inference-profile/*'];

function isUsedOnly(name: string): boolean {
  return name === 'roleArn' || name === 'executionRoleArn' || name === 'serviceRoleArn' || name === 'role';
}

// SageMaker writes tags as a list of {key, value}, Bedrock as an object.
function tagsOf(tags: Json | undefined): Readonly<Record<string, string>> | undefined {
  if (typeof tags !== 'object' || tags === null) return undefined;
  const out: Record<string, string> = {};
  if (Array.isArray(tags)) {
    for (const tag of tags as readonly Json[]) {
      if (isJsonObject(tag) && typeof tag['key'] === 'string' && typeof tag['value'] === 'string') out[tag['key']] = tag['value'];
    }
  } else for (const [name, value] of Object.entries(tags)) if (typeof value === 'string') out[name] = value;
  return Object.keys(out).length > 0 ? out : undefined;
}
