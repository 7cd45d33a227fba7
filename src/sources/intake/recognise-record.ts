// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import type { SourceId } from '../../evidence/observation.ts';

/** Which source and which of its shapes a record or finding is. */
export interface RecordKind {
  readonly source: SourceId;
  readonly shape: string;
}

/** Recognises what carries its own proof of kind, by its content: CloudTrail first, since there are millions of them. */
export function recogniseRecord(value: JsonObject): RecordKind | null {
  const eventSource = value['eventSource'];
  // Tools that ship logs move eventTime to a member of their own; a record still has its id or its version.
  const isEvent = typeof eventSource === 'string' && typeof value['eventName'] === 'string';
  if (
    isEvent &&
    (typeof value['eventTime'] === 'string' || typeof value['eventID'] === 'string' || typeof value['eventVersion'] === 'string')
  ) {
    // S3, SQS and DynamoDB notifications have the same members, with `aws:s3` and the like.
    if (eventSource.startsWith('aws:')) return null;
    const isInsight = value['eventCategory'] === 'Insight' || value['eventType'] === 'AwsCloudTrailInsight';
    return { source: 'cloudtrail', shape: isInsight ? 'insight' : 'event' };
  }
  if (value['eventType'] === 'AwsCloudTrailInsight' && isJsonObject(value['insightDetails']))
    return { source: 'cloudtrail', shape: 'insight' };
  if (typeof value['digestS3Object'] === 'string' && Array.isArray(value['logFiles'])) return { source: 'cloudtrail', shape: 'digest' };
  return recogniseFinding(value);
}

function recogniseFinding(value: JsonObject): RecordKind | null {
  if (isAsffFinding(value)) return { source: 'securityhub', shape: 'asff' };
  if (isOcsfFinding(value)) return { source: 'securityhub', shape: 'ocsf' };
  return isMacieFinding(value) ? { source: 'macie', shape: 'finding' } : null;
}

/**
 * ASFF by any three of its names, so that a finding which lacks what AWS's model calls required is kept as it is by API.
 * GuardDuty's own findings have `Id` and another `SchemaVersion`; entries that only name a finding have `Id` and `ProductArn`.
 */
function isAsffFinding(value: JsonObject): boolean {
  const isNamed = typeof value['Id'] === 'string' || stringAt(value, 'ProductFields', 'aws/securityhub/FindingId') !== undefined;
  const hasProduct = typeof value['ProductArn'] === 'string';
  const version = value['SchemaVersion'];
  // The one version there is; with a product, any that comes after it.
  const hasVersion = version === '2018-10-08' || (hasProduct && typeof version === 'string');
  const marks = [isNamed, hasProduct, hasVersion, typeof value['AwsAccountId'] === 'string', typeof value['GeneratorId'] === 'string'];
  return marks.filter(Boolean).length >= 3;
}

/** The class of an OCSF object: as it says, or as the number of its type begins (class × 100 + activity). */
export function ocsfClass(value: JsonObject): Json | undefined {
  const typeId = value['type_uid'];
  return value['class_uid'] ?? (typeof typeId === 'number' ? Math.floor(typeId / 100) : undefined);
}

/**
 * Whether an OCSF class is one of findings, which are 2001 to 2099.
 * Another tool's finding about AWS is kept too: its vendor is a fact, and rules treat it as a partner's.
 */
export function isFindingClass(classId: Json | undefined): boolean {
  return typeof classId === 'number' && classId >= 2001 && classId <= 2099;
}

// One of the two that hold its id is enough: an answer may lack the other. Class 2001 calls the second `finding`.
function isOcsfFinding(value: JsonObject): boolean {
  if (!isFindingClass(ocsfClass(value))) return false;
  const provider = stringAt(value, 'cloud', 'provider');
  const isTold = ['metadata', 'finding_info', 'finding'].some((name) => isJsonObject(value[name]));
  return isTold && (provider === undefined || provider.toLowerCase() === 'aws');
}

/**
 * Macie names two categories today; a finding of a third, or one that names no resource, shows by the other members. GuardDuty's findings are
 * versioned and typed alike, but their severity is a number.
 */
function isMacieFinding(value: JsonObject): boolean {
  const category = value['category'];
  const isKnown = category === 'CLASSIFICATION' || category === 'POLICY';
  if (isKnown && isJsonObject(value['resourcesAffected']) && typeof value['id'] === 'string') return true;
  const isTyped = typeof value['schemaVersion'] === 'string' && typeof value['type'] === 'string';
  return isTyped && typeof value['accountId'] === 'string' && numberAt(value, 'severity', 'score') !== undefined;
}
