// SPDX-License-Identifier: Apache-2.0
import { gapMessage } from '../../evidence/gap.ts';
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Facts, Interpretation, Observation, RawItem, Resource } from '../../evidence/observation.ts';
import { tagsOf } from './bucket-standing.ts';
import { instantOf, isoOf, latestOf } from './instant.ts';
import { isRunOverdue } from './job-facts.ts';

/** What is special to the answer of one operation; the rest is the same for every state. */
interface StateForm {
  /** What the state is of: `session`, `job|<id>`, `bucket|<name>`. */
  readonly of: string;
  readonly title: string;
  readonly occurredAt: number | null;
  readonly resources?: readonly Resource[];
  readonly facts?: Facts;
  readonly versionKey?: Observation['versionKey'];
  readonly account?: string | undefined;
}

const forms: Readonly<Record<string, (detail: JsonObject, item: RawItem) => StateForm>> = {
  GetMacieSession: sessionForm,
  GetAutomatedDiscoveryConfiguration: (detail) => ({
    of: 'automated-discovery',
    title: `Automated sensitive data discovery is ${stringAt(detail, 'status') ?? 'in an unknown state'}`,
    occurredAt: latestOf(instantOf(detail['lastUpdatedAt']), instantOf(detail['firstEnabledAt']), instantOf(detail['disabledAt'])),
  }),
  GetClassificationExportConfiguration: exportForm,
  ListFindingsFilters: filterForm,
  DescribeBuckets: bucketForm,
  DescribeClassificationJob: jobForm,
  GetBucketStatistics: (detail, item) => ({
    of: 'bucket-statistics',
    title: `Bucket statistics of Macie: ${String(detail['bucketCount'] ?? 'unknown number of')} buckets`,
    occurredAt: instantOf(detail['lastUpdated']),
    facts: joinedFacts(item),
  }),
};

/** The observation of one state; a state of an operation that we do not read is an `unsupported` gap. */
export function interpretState(item: RawItem, detail: JsonObject): readonly Interpretation[] {
  const operation = stringAt(item.context, 'operation') ?? '';
  const form = Object.hasOwn(forms, operation) ? forms[operation]?.(detail, item) : undefined;
  if (form === undefined) {
    const remedy = 'collect it live (--from aws), or report the operation as missing';
    const message = gapMessage('This answer of Macie does not say which call it belongs to.', remedy);
    return [{ gap: { reason: 'unsupported', extent: 'item', what: `macie2:${operation}`, message, code: null, detail: {} } }];
  }
  return [{ observation: stateOf(item, detail, operation, form) }];
}

function stateOf(item: RawItem, detail: JsonObject, operation: string, form: StateForm): Observation {
  const { partition, region, sweptAt } = item.context;
  const account = form.account ?? item.context.account;
  const facts = { operation, ...form.facts };
  return {
    source: 'macie',
    kind: 'state',
    partition,
    account,
    region,
    sourceIdentity: `${account}|${region}|${form.of}`,
    versionKey: form.versionKey ?? contentAnd(form.facts ?? {}),
    findingKey: `macie|${account}|${region}|${form.of}`,
    occurredAt: isoOf(form.occurredAt),
    observedAt: sweptAt,
    title: form.title,
    severity: null,
    resources: form.resources ?? [],
    detail,
    text: item.text,
    facts,
  };
}

// Facts drawn from other answers or from the time of the sweep can change while this answer does not. Their counts and yes-or-no values enter
// the version key; names of buckets do not: version keys are never withheld from a bundle.
function contentAnd(facts: Facts): Observation['versionKey'] {
  const changing = Object.entries(facts).filter(([, value]) => typeof value === 'number' || typeof value === 'boolean');
  if (changing.length === 0) return 'content';
  return { contentAnd: changing.map(([name, value]) => `${name}=${String(value)}`).sort() };
}

function joinedFacts(item: RawItem): Facts {
  const joined = item.context['joined'];
  return isJsonObject(joined)
    ? Object.fromEntries(Object.entries(joined).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
    : {};
}

// A refused GetMacieSession is a state too: off is an answer, and a rule may want to know of a denial. The message names the caller's session,
// which changes from run to run, so the version is the state and the code.
function sessionForm(detail: JsonObject): StateForm {
  const error = at(detail, 'Error');
  const code = stringAt(error, 'Code');
  if (code === undefined) {
    const status = stringAt(detail, 'status');
    const title = status === 'ENABLED' ? 'Macie is on' : `Macie is ${status ?? 'in an unknown state'}`;
    return {
      of: 'session',
      title,
      occurredAt: instantOf(detail['updatedAt']),
      facts: status === undefined ? {} : { serviceState: status },
    };
  }
  const off = isMacieOff(stringAt(error, 'Message') ?? '');
  const serviceState = off ? 'OFF' : 'DENIED';
  const title = off ? 'Macie is not enabled' : 'Macie could not be asked';
  return { of: 'session', title, occurredAt: null, facts: { serviceState }, versionKey: [serviceState, code] };
}

/** Whether a refusal says that Macie is off. It has the code of a missing permission; only AWS's message tells them apart (recorded answer, 2020-12). */
export function isMacieOff(message: string): boolean {
  return /macie is not enabled/i.test(message);
}

function exportForm(detail: JsonObject, item: RawItem): StateForm {
  const bucket = stringAt(detail, 'configuration', 's3Destination', 'bucketName');
  return {
    of: 'classification-export',
    title: bucket === undefined ? 'Discovery results are not exported' : 'Discovery results are exported to a bucket',
    occurredAt: null,
    resources: bucket === undefined ? [] : [{ arn: `arn:${item.context.partition}:s3:::${bucket}`, type: 'AWS::S3::Bucket' }],
  };
}

function filterForm(detail: JsonObject): StateForm {
  const name = stringAt(detail, 'name') ?? stringAt(detail, 'id') ?? 'without a name';
  const arn = stringAt(detail, 'arn');
  return {
    of: `filter|${stringAt(detail, 'id') ?? name}`,
    title: detail['action'] === 'ARCHIVE' ? `Suppression rule ${name} archives findings` : `Findings filter ${name}`,
    occurredAt: null,
    resources: arn === undefined ? [] : [{ arn, type: 'AWS::Macie::FindingsFilter', tags: tagMap(detail['tags']) }],
  };
}

function bucketForm(detail: JsonObject, item: RawItem): StateForm {
  const name = stringAt(detail, 'bucketName') ?? 'without a name';
  const arn = stringAt(detail, 'bucketArn') ?? `arn:${item.context.partition}:s3:::${name}`;
  return {
    of: `bucket|${name}`,
    title: `Bucket ${name} as Macie sees it`,
    occurredAt: instantOf(detail['lastUpdated']),
    resources: [{ arn, type: 'AWS::S3::Bucket', tags: tagsOf(arrayAt(detail, 'tags')) }],
    account: stringAt(detail, 'accountId'),
  };
}

function jobForm(detail: JsonObject, item: RawItem): StateForm {
  const id = stringAt(detail, 'jobId') ?? 'without-id';
  const { partition, region, account, sweptAt } = item.context;
  const arn = stringAt(detail, 'jobArn') ?? `arn:${partition}:macie2:${region}:${account}:classification-job/${id}`;
  const paused = instantOf(at(detail, 'userPausedDetails', 'jobPausedAt'));
  return {
    of: `job|${id}`,
    title: `Discovery job ${stringAt(detail, 'name') ?? id} is ${stringAt(detail, 'jobStatus') ?? 'in an unknown state'}`,
    occurredAt: latestOf(instantOf(detail['createdAt']), instantOf(detail['lastRunTime']), paused),
    // CloudFormation has no type for jobs; the name follows its form.
    resources: [{ arn, type: 'AWS::Macie::ClassificationJob', tags: tagMap(detail['tags']) }, ...joinedResources(item)],
    facts: { ...joinedFacts(item), runOverdue: isRunOverdue(detail, sweptAt) },
  };
}

// The AI buckets that a job covers are what it is about: by their tags its AI systems are told.
function joinedResources(item: RawItem): readonly Resource[] {
  return arrayAt(item.context, 'joinedBuckets').flatMap((bucket) => {
    const arn = stringAt(bucket, 'arn');
    return arn === undefined ? [] : [{ arn, type: 'AWS::S3::Bucket', tags: tagMap(at(bucket, 'tags')) }];
  });
}

function tagMap(tags: Json | undefined): Record<string, string> {
  if (!isJsonObject(tags)) return {};
  return Object.fromEntries(Object.entries(tags).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}
