// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject } from '../../evidence/json.ts';
import type { Resource } from '../../evidence/observation.ts';
import { arnTypes } from './arn-types.ts';
import { aiServices, type NamedResource, namedResources } from './named-resources.ts';

/** Where a call was made: fills the ARNs of resources that a record names without one. */
export interface Place {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

const bySource = new Map(Object.entries(namedResources).map(([source, members]) => [source, new Map(Object.entries(members))]));
const aiTypes = new Map(Object.entries(aiServices));
const noMembers: ReadonlyMap<string, NamedResource> = new Map();

/**
 * The resources that a CloudTrail record is about: those it lists itself, those that its request and answer name by ARN,
 * and those that members such as `endpointName` or `bucketName` name. Lean: it is called once for each of millions of records.
 */
export function eventResources(detail: JsonObject, eventSource: string, place: Place): readonly Resource[] {
  const found: Resource[] = [];
  const listed = detail['resources'];
  if (Array.isArray(listed)) for (const entry of listed) addListed(found, entry);
  const request = detail['requestParameters'];
  const answer = detail['responseElements'];
  const members = bySource.get(eventSource) ?? noMembers;
  const withTags = isJsonObject(request) ? tagsOf(request['tags']) : undefined;
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
  add(found, arn, typeof type === 'string' ? type : typeOfArn(arn));
}

function addNamed(found: Resource[], parameters: JsonObject, members: ReadonlyMap<string, NamedResource>, place: Place): void {
  for (const name in parameters) {
    const value = parameters[name];
    if (typeof value !== 'string' || value === '') continue;
    // Roles and policies that a resource uses are not what the call is about, unless the call is to IAM itself.
    if (value.startsWith('arn:')) {
      if (!isUsedOnly(name)) add(found, value, members.get(name)?.[0] ?? typeOfArn(value));
      continue;
    }
    const named = members.get(name);
    if (named === undefined) continue;
    const form = named[0] === 'AWS::Bedrock::FoundationModel' && crossRegion.test(value) ? inferenceProfile : named;
    add(found, arnOf(form, value, place), form[0]);
  }
}

// A model id with a geography before it is a cross-Region inference profile, `eu.anthropic.claude-…`.
const crossRegion = /^(?:us|eu|apac|jp|au|ca|global|us-gov)\./;
const inferenceProfile: NamedResource = ['AWS::Bedrock::InferenceProfile', 'bedrock:@:$:inference-profile/*'];

function isUsedOnly(name: string): boolean {
  return name === 'roleArn' || name === 'executionRoleArn' || name === 'serviceRoleArn' || name === 'role';
}

function add(found: Resource[], arn: string, type: string): void {
  for (const one of found) if (one.arn === arn) return;
  found.push({ arn, type });
}

function arnOf([type, template]: NamedResource, name: string, place: Place): string {
  if (template === '*') return name;
  // `alias/x` stands where a key id does.
  if (type === 'AWS::KMS::Key' && name.startsWith('alias/')) return `arn:${place.partition}:kms:${place.region}:${place.account}:${name}`;
  let arn = `arn:${place.partition}:`;
  for (const c of template) {
    if (c === '@') arn += place.region;
    else if (c === '$') arn += place.account;
    else if (c === '*') arn += name;
    else if (c === '~') arn += name.toLowerCase();
    else arn += c;
  }
  return arn;
}

/** The CloudFormation type that an ARN's service and path say, empty where not known. */
function typeOfArn(arn: string): string {
  const parts = arn.split(':', 6);
  const service = parts[2] ?? '';
  const rest = parts[5] ?? '';
  const end = rest.search(/[/:]/);
  const path = end < 0 ? rest : rest.slice(0, end);
  return arnTypes[`${service}:${path}`] ?? arnTypes[service] ?? '';
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
