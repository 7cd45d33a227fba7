// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import type { Interpretation, Observation, RawItem, Resource } from '../../evidence/observation.ts';
import { tagsOf } from './bucket-standing.ts';
import { dayMs, instantOf, isoOf } from './instant.ts';

/** A finding open for more than these days is a fact of its own. */
const openDaysLimit = 30;

/**
 * The observations of one finding, alike from GetFindings, an EventBridge event and a file: its version and, where a live sweep sees that it
 * has been open for more than 30 days by now, that as a second one with its own version key.
 */
export function interpretFinding(item: RawItem, detail: JsonObject): readonly Interpretation[] {
  const observation = findingOf(item, detail);
  const aged = item.channel.kind === 'api' || item.channel.kind === 'sample' ? agedFinding(observation, item.context.sweptAt) : null;
  return aged === null ? [{ observation }] : [{ observation }, { observation: aged }];
}

function findingOf(item: RawItem, detail: JsonObject): Observation {
  const { context } = item;
  const account = stringAt(detail, 'accountId') ?? context.account;
  const region = stringAt(detail, 'region') ?? context.region;
  const id = stringAt(detail, 'id');
  const updated = instantOf(detail['updatedAt']);
  // EventBridge writes whole seconds, GetFindings milliseconds; Macie publishes updates minutes apart, so a second tells versions apart.
  const second = updated === null ? null : updated - (updated % 1000);
  const openDays = wholeDays(instantOf(detail['createdAt']), second);
  return {
    source: 'macie',
    kind: 'finding',
    partition: stringAt(detail, 'partition') ?? context.partition,
    account,
    region,
    sourceIdentity: `${account}|${region}|${id ?? 'without-id'}`,
    versionKey: id === undefined ? 'content' : [isoOf(second) ?? '', String(detail['count'] ?? 1), String(detail['archived'] ?? false)],
    findingKey: id === undefined ? null : `macie|${account}|${region}|${id}`,
    occurredAt: isoOf(second),
    observedAt: isoOf(second),
    title: stringAt(detail, 'title') ?? stringAt(detail, 'type') ?? 'Macie finding',
    severity: severityOf(detail),
    resources: resourcesOf(detail, stringAt(detail, 'partition') ?? context.partition),
    detail,
    text: item.text,
    facts: openDays === null ? {} : { openDays },
  };
}

// Only a live answer shows that a finding is open now; a file or an event tells of the time it was made.
function agedFinding(observation: Observation, sweptAt: string): Observation | null {
  const { detail, facts, versionKey } = observation;
  const openDays = wholeDays(instantOf(detail['createdAt']), Date.parse(sweptAt));
  const first = numberAt(facts, 'openDays');
  if (openDays === null || openDays <= openDaysLimit || first === undefined || first > openDaysLimit) return null;
  if (detail['archived'] !== false || detail['sample'] === true || versionKey === 'content' || 'contentAnd' in versionKey) return null;
  return {
    ...observation,
    versionKey: [...versionKey, `openDays>${openDaysLimit}`],
    occurredAt: agedSince(detail),
    observedAt: sweptAt,
    facts: { ...facts, openDays },
  };
}

/** When a finding had been open for more than 30 whole days; `null` when its creation is not known. */
export function agedSince(detail: JsonObject): string | null {
  const created = instantOf(detail['createdAt']);
  return created === null ? null : isoOf(created + (openDaysLimit + 1) * dayMs);
}

function wholeDays(from: number | null, to: number | null): number | null {
  return from === null || to === null || Number.isNaN(to) ? null : Math.max(0, Math.floor((to - from) / dayMs));
}

const severities = { low: 'LOW', medium: 'MEDIUM', high: 'HIGH' } as const;

// Word and score say the same (Low 1, Medium 2, High 3); the word decides, a score stands in for a missing or new word.
function severityOf(detail: JsonObject): Observation['severity'] {
  const word = stringAt(detail, 'severity', 'description')?.toLowerCase();
  if (word === 'low' || word === 'medium' || word === 'high') return severities[word];
  const score = numberAt(detail, 'severity', 'score');
  if (score === 1) return 'LOW';
  if (score === 2) return 'MEDIUM';
  return score === 3 ? 'HIGH' : null;
}

function resourcesOf(detail: JsonObject, partition: string): readonly Resource[] {
  const bucket = at(detail, 'resourcesAffected', 's3Bucket');
  const object = at(detail, 'resourcesAffected', 's3Object');
  const name = stringAt(bucket, 'name');
  const bucketArn =
    stringAt(bucket, 'arn') ?? stringAt(object, 'bucketArn') ?? (name === undefined ? undefined : `arn:${partition}:s3:::${name}`);
  if (bucketArn === undefined) return [];
  const bucketResource = { arn: bucketArn, type: 'AWS::S3::Bucket', tags: tagsOf(arrayAt(bucket, 'tags')) };
  const key = stringAt(object, 'key');
  if (key === undefined) return [bucketResource];
  return [bucketResource, { arn: `${bucketArn}/${key}`, type: 'AWS::S3::Object', tags: tagsOf(arrayAt(object, 'tags')) }];
}
