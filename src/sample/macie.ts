// SPDX-License-Identifier: Apache-2.0
import { arrayAt, isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../evidence/json.ts';
import { bucketMetadata, bucketStatistics, isWellSetUp, sampleBuckets } from './macie/buckets.ts';
import { meetsCriteria, sortFindings, valueAt } from './macie/criteria.ts';
import { dayMs, madeUpId, wireTime } from './macie/dates.ts';
import { sampleFindings } from './macie/findings.ts';
import { sampleJobs } from './macie/jobs.ts';
import { awsError, type SampleAnswer, type SampleRequest, type SampleService } from './sample-service.ts';
import type { SampleWorld } from './world.ts';

/** What Macie knows in one account and Region of the sample. */
interface Population {
  readonly buckets: readonly JsonObject[];
  readonly statistics: JsonObject;
  readonly jobs: readonly JsonObject[];
  readonly findings: readonly JsonObject[];
  readonly byId: ReadonlyMap<string, JsonObject>;
}

/** Macie of the sample organisation: on in one account, off in the other, where every call answers 403 "Macie is not enabled". */
export const macieService: SampleService = (request, world) => {
  const account = world.accounts.find((one) => one.id === request.account);
  if (account?.macie !== 'on') return awsError(403, 'AccessDeniedException', 'Macie is not enabled');
  const route = `${request.method} ${request.path.replace(/^\/jobs\/(?!list$)[^/]+$/, '/jobs/{jobId}')}`;
  const handler = routes[route];
  if (handler === undefined) return awsError(404, 'UnknownOperationException', `the sample's Macie has no ${route}`);
  return handler(request, world);
};

const routes: Readonly<Record<string, SampleService>> = {
  'GET /macie': ({ account }, { since, until }) =>
    ok({
      createdAt: wireTime(Date.parse(since) - 400 * dayMs),
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
      serviceRole: `arn:aws:iam::${account}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie`,
      status: 'ENABLED',
      updatedAt: wireTime(Date.parse(until) - 90 * dayMs),
    }),
  'GET /automated-discovery/configuration': discoveryConfiguration,
  'GET /classification-export-configuration': exportConfiguration,
  'GET /findingsfilters': (request, world) => page(request, 'findingsFilterListItems', filters(request, world)),
  'POST /datasources/s3': (request, world) => page(request, 'buckets', populationOf(request, world).buckets),
  'POST /datasources/s3/statistics': (request, world) => ok(populationOf(request, world).statistics),
  'POST /jobs/list': (request, world) => page(request, 'items', populationOf(request, world).jobs.map(summary)),
  'GET /jobs/{jobId}': describeJob,
  'POST /findings': listFindings,
  'POST /findings/describe': getFindings,
  'POST /findings/statistics': findingStatistics,
};

const populations = new WeakMap<SampleWorld, Map<string, Population>>();

// Made once per world, account and Region: at a large scale every page would otherwise make it again.
function populationOf({ account, region }: SampleRequest, world: SampleWorld): Population {
  const known = populations.get(world) ?? new Map<string, Population>();
  populations.set(world, known);
  const key = `${account} ${region}`;
  const found = known.get(key) ?? populate(world, account, region);
  known.set(key, found);
  return found;
}

function populate(world: SampleWorld, account: string, region: string): Population {
  const buckets = sampleBuckets(world, account, region);
  const jobs = sampleJobs(world, account, region, buckets);
  const findings = sampleFindings({ world, account, region }, buckets, jobs);
  return {
    buckets: buckets.map((bucket) => bucketMetadata(bucket, world, account, region)),
    statistics: bucketStatistics(buckets, world),
    jobs,
    findings,
    byId: new Map(findings.map((finding) => [String(finding['id']), finding])),
  };
}

function discoveryConfiguration(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const until = Date.parse(world.until);
  const ids = { classificationScopeId: madeUpId('scope'), sensitivityInspectionTemplateId: madeUpId('template') };
  if (!isWellSetUp(world, request.region)) return ok({ ...ids, disabledAt: wireTime(until - 120 * dayMs), status: 'DISABLED' });
  const [firstEnabledAt, lastUpdatedAt] = [wireTime(until - 300 * dayMs), wireTime(until - 45 * dayMs)];
  return ok({ ...ids, autoEnableOrganizationMembers: 'NONE', firstEnabledAt, lastUpdatedAt, status: 'ENABLED' });
}

function exportConfiguration({ account, region }: SampleRequest, world: SampleWorld): SampleAnswer {
  if (!isWellSetUp(world, region)) return ok({ configuration: {} });
  const kmsKeyArn = `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  return ok({ configuration: { s3Destination: { bucketName: 'acme-macie-results', keyPrefix: '', kmsKeyArn } } });
}

function filters({ account, region }: SampleRequest, world: SampleWorld): readonly JsonObject[] {
  const filter = (name: string, action: string): JsonObject => {
    const id = madeUpId('filter', account, region, name);
    return { action, arn: `arn:aws:macie2:${region}:${account}:findings-filter/${id}`, id, name, tags: {} };
  };
  const view = filter('high-only', 'NOOP');
  return isWellSetUp(world, region) ? [filter('ignore-synthetic-data', 'ARCHIVE'), view] : [view];
}

function summary(job: JsonObject): JsonObject {
  const { createdAt, jobId, jobStatus, jobType, lastRunErrorStatus, name, userPausedDetails } = job;
  const definition = job['s3JobDefinition'];
  return {
    ...(isJsonObject(definition) ? definition : {}),
    createdAt,
    jobId,
    jobStatus,
    jobType,
    lastRunErrorStatus,
    name,
    userPausedDetails,
  };
}

function describeJob(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const jobId = request.path.slice('/jobs/'.length);
  const job = populationOf(request, world).jobs.find((one) => one['jobId'] === jobId);
  return job === undefined
    ? awsError(404, 'ResourceNotFoundException', 'The request failed because the specified job does not exist.')
    : ok(job);
}

function listFindings(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const { findings } = populationOf(request, world);
  const found = sortFindings(
    findings.filter((finding) => meetsCriteria(finding, request.body)),
    request.body,
  );
  return page(
    request,
    'findingIds',
    found.map((finding) => String(finding['id'])),
  );
}

function getFindings(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const ids = arrayAt(request.body, 'findingIds');
  if (ids.length === 0 || ids.length > 50) return awsError(400, 'ValidationException', 'findingIds must hold between 1 and 50 ids.');
  const { byId } = populationOf(request, world);
  const findings = ids.map((id) => byId.get(String(id))).filter((finding) => finding !== undefined);
  return ok({ findings: sortFindings(findings, request.body) });
}

function findingStatistics(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const groupBy = stringAt(request.body, 'groupBy');
  if (groupBy === undefined) return awsError(400, 'ValidationException', 'groupBy is required.');
  const counts = new Map<string, number>();
  for (const finding of populationOf(request, world).findings) {
    const value = valueAt(finding, groupBy);
    if (value !== undefined && meetsCriteria(finding, request.body)) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  }
  return ok({ countsByGroup: [...counts].map(([groupKey, count]) => ({ count, groupKey })) });
}

function ok(body: JsonObject): SampleAnswer {
  return { status: 200, body };
}

// Tokens are opaque to a client and die with the request they were made for, as AWS's do: one for another request is refused.
function page(request: SampleRequest, name: string, all: readonly Json[]): SampleAnswer {
  const size = numberAt(request.body, 'maxResults') ?? Number(request.query.get('maxResults') ?? 50);
  const token = stringAt(request.body, 'nextToken') ?? request.query.get('nextToken') ?? '';
  if (!Number.isInteger(size) || size < 1 || size > 50) return awsError(400, 'ValidationException', 'maxResults must be between 1 and 50.');
  const from = token === '' ? 0 : offsetOf(token, request);
  if (from === null) return awsError(400, 'ValidationException', 'The nextToken is not valid for this request.');
  const next = from + size < all.length ? { nextToken: tokenFor(from + size, request) } : {};
  return ok({ [name]: all.slice(from, from + size), ...next });
}

function tokenFor(offset: number, request: SampleRequest): string {
  return Buffer.from(`${offset} ${sealOf(request)}`).toString('base64url');
}

function offsetOf(token: string, request: SampleRequest): number | null {
  const [offset = '', seal] = Buffer.from(token, 'base64url').toString('utf8').split(' ');
  return seal === sealOf(request) && /^\d+$/.test(offset) ? Number(offset) : null;
}

function sealOf({ account, region, path, body }: SampleRequest): string {
  const asked = JSON.stringify(body === undefined ? '' : { ...(isJsonObject(body) ? body : {}), nextToken: undefined });
  return madeUpId('token', account, region, path, asked);
}
