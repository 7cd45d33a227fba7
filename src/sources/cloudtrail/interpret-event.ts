// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Observation, RawItem } from '../../evidence/observation.ts';
import { deploymentFacts } from './deployment-facts.ts';
import { eventResources } from './event-resources.ts';

const usualTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const sourceSuffix = '.amazonaws.com';

/**
 * The observation of one CloudTrail record, alike from LookupEvents, EventBridge and a log file. Pure, and the hot path of the product.
 * Old event versions lack members that newer ones have; nothing but the record itself is needed.
 */
export function interpretEvent(item: RawItem, detail: JsonObject): Observation {
  const identity = detail['userIdentity'];
  const account =
    text(detail['recipientAccountId']) ?? (isJsonObject(identity) ? text(identity['accountId']) : undefined) ?? item.context.account;
  const region = text(detail['awsRegion']) ?? item.context.region;
  const eventSource = text(detail['eventSource']) ?? '';
  const eventName = text(detail['eventName']) ?? '';
  const partition = partitionOf(region, item.context.partition);
  const eventId = text(detail['eventID']);
  const occurredAt = timeOf(detail);
  const service = eventSource.endsWith(sourceSuffix) ? eventSource.slice(0, -sourceSuffix.length) : eventSource;
  const errorCode = text(detail['errorCode']);
  const place = { partition, account, region };
  const { findingKey, facts } =
    errorCode === undefined ? deploymentFacts(detail, eventSource, eventName, place) : { findingKey: null, facts: {} };
  return {
    source: 'cloudtrail',
    kind: item.shape === 'insight' ? 'finding' : 'activity',
    partition,
    account,
    region,
    // Records that tools cut the id from are told apart by their content.
    sourceIdentity: eventId ?? `${account}|${region}|${eventSource}|${eventName}|${occurredAt ?? ''}`,
    versionKey: eventId === undefined ? 'content' : [],
    findingKey,
    occurredAt,
    observedAt: occurredAt,
    title: errorCode === undefined ? `${service} ${eventName}` : `${service} ${eventName}: ${errorCode}`,
    severity: null,
    resources: eventResources(detail, eventSource, place),
    detail,
    text: item.text,
    facts,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

// Log shippers such as Logstash move eventTime to `@timestamp`.
function timeOf(detail: JsonObject): string | null {
  const time = text(detail['eventTime']) ?? stringAt(detail, '@timestamp');
  if (time === undefined) return null;
  if (usualTime.test(time)) return time;
  const parsed = new Date(time);
  return Number.isNaN(parsed.getTime()) ? null : parsed.toISOString();
}

const partitions: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
];

/** The partition that a Region's name says; for common Regions the one that was asked. */
export function partitionOf(region: string, asked: string): string {
  for (const [prefix, partition] of partitions) if (region.startsWith(prefix)) return partition;
  return asked;
}
