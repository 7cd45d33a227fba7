// SPDX-License-Identifier: Apache-2.0
import { at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { sliceAt, sliceElements } from '../../evidence/json-slices.ts';
import type { SourceId } from '../../evidence/observation.ts';
import { recogniseReport } from '../report/recognise-report.ts';
import { reasonUnrecognised } from './reason-unrecognised.ts';

/** One thing found in an item: which source and shape reads it, its exact text, and what the wrapping around it adds. */
interface Recognised {
  readonly source: SourceId;
  readonly shape: string;
  readonly text: string;
  /** `text` parsed. */
  readonly value: JsonObject;
  /** Null where nothing wrapped it. */
  readonly context: JsonObject | null;
}

/** What an item turned out to hold: something of ours, or nothing of ours and why, or a broken inner text. */
export type Recognition =
  | { readonly recognised: Recognised }
  | { readonly unrecognised: string }
  | { readonly broken: { readonly text: string; readonly message: string } };

type Found = Pick<Recognised, 'source' | 'shape'>;

/**
 * Says what an item of a file, an EventBridge event or an answer is, by its content and never by a file's name; always at least one result.
 * `value` must be `text` parsed. An envelope gives what it carries, cut out of `text` as it stands.
 */
export function recogniseItem(value: Json, text: string): readonly Recognition[] {
  if (!isJsonObject(value)) return [{ unrecognised: reasonUnrecognised(value) }];
  const found = recogniseRecord(value);
  if (found !== null) return [{ recognised: { ...found, text, value, context: null } }];
  if (typeof value['CloudTrailEvent'] === 'string') return [lookedUp(value['CloudTrailEvent'])];
  if (typeof value['detail-type'] === 'string' && isJsonObject(value['detail'])) return eventBridge(value, value['detail'], text);
  const report = recogniseReport(value);
  if (report !== null) return [{ recognised: { ...report, text, value, context: null } }];
  if (value['messageType'] === 'DATA_MESSAGE' && Array.isArray(value['logEvents'])) return logEvents(value['logEvents']);
  return within(value, text) ?? [{ unrecognised: reasonUnrecognised(value) }];
}

// What carries its own proof of kind: CloudTrail first, since there are millions of them.
function recogniseRecord(value: JsonObject): Found | null {
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

function recogniseFinding(value: JsonObject): Found | null {
  const isAsff = typeof value['ProductArn'] === 'string' && typeof value['Id'] === 'string';
  if (isAsff && (typeof value['AwsAccountId'] === 'string' || typeof value['SchemaVersion'] === 'string'))
    return { source: 'securityhub', shape: 'asff' };
  if (isOcsfFinding(value)) return { source: 'securityhub', shape: 'ocsf' };
  const category = value['category'];
  if (
    (category === 'CLASSIFICATION' || category === 'POLICY') &&
    isJsonObject(value['resourcesAffected']) &&
    typeof value['id'] === 'string'
  ) {
    return { source: 'macie', shape: 'finding' };
  }
  return null;
}

// Classes 2001 to 2099 are OCSF's findings. Another tool's finding about AWS is kept too: its vendor is a fact, and rules treat it as a partner's.
function isOcsfFinding(value: JsonObject): boolean {
  const classId = value['class_uid'];
  if (typeof classId !== 'number' || classId < 2001 || classId > 2099) return false;
  const provider = stringAt(value, 'cloud', 'provider');
  return (
    isJsonObject(value['metadata']) && isJsonObject(value['finding_info']) && (provider === undefined || provider.toLowerCase() === 'aws')
  );
}

// The evidence of a LookupEvents answer is the record, which stands there as a string; the outer members are derived from it.
function lookedUp(inner: string): Recognition {
  let value: unknown;
  try {
    value = JSON.parse(inner);
  } catch (error) {
    return { broken: { text: inner, message: `CloudTrailEvent is not JSON: ${String(error)}` } };
  }
  return innerRecord(value as Json, inner, { operation: 'LookupEvents' });
}

function innerRecord(value: Json, text: string, context: JsonObject | null): Recognition {
  const found = isJsonObject(value) ? recogniseRecord(value) : null;
  if (found === null || !isJsonObject(value)) return { unrecognised: reasonUnrecognised(value) };
  return { recognised: { ...found, text, value, context } };
}

function eventBridge(envelope: JsonObject, detail: JsonObject, text: string): readonly Recognition[] {
  const context = {
    eventBridge: {
      id: envelope['id'],
      time: envelope['time'],
      detailType: envelope['detail-type'],
      account: envelope['account'],
      region: envelope['region'],
    },
  };
  const findings = detail['findings'];
  if (Array.isArray(findings)) {
    const texts = sliceElements(text, 'detail', 'findings');
    return findings.map((finding: Json, i) => innerRecord(finding, texts[i] ?? '', context));
  }
  const found = recogniseRecord(detail);
  if (found === null) return [{ unrecognised: reasonUnrecognised(envelope) }];
  return [{ recognised: { ...found, text: sliceAt(text, 'detail') ?? '', value: detail, context } }];
}

// CloudTrail delivered to CloudWatch Logs, as a subscription or an export to S3 writes it.
function logEvents(events: readonly Json[]): readonly Recognition[] {
  return events.map((event) => {
    const message = stringAt(event, 'message');
    return message?.startsWith('{') ? lookedUp(message) : { unrecognised: 'a CloudWatch Logs event that is no CloudTrail record' };
  });
}

// Tools wrap AWS's answers in objects of their own: one level is looked into, for kinds that cannot be mistaken.
function within(value: JsonObject, text: string): readonly Recognition[] | null {
  const out: Recognition[] = [];
  for (const name of Object.keys(value)) {
    const inner = at(value, name);
    if (isJsonObject(inner)) {
      if (recogniseRecord(inner) !== null) out.push(innerRecord(inner, sliceAt(text, name) ?? '', null));
    } else if (Array.isArray(inner) && inner.some((element: Json) => isJsonObject(element) && recogniseRecord(element) !== null)) {
      const texts = sliceElements(text, name);
      for (const [i, element] of inner.entries()) out.push(innerRecord(element, texts[i] ?? '', null));
    }
  }
  return out.length > 0 ? out : null;
}
