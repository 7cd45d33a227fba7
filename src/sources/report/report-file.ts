// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { at, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { ItemContext, Observation, RawItem, Resource } from '../../evidence/observation.ts';
import { directoryOf, type ReportPlace, reportPlace } from './report-place.ts';
import { violationsBeside } from './violation-entries.ts';

/** A report file as its interpreters need it: what it holds, where it stood, and what the reader knew of the run behind it. */
export interface ReportFile {
  readonly item: RawItem;
  readonly context: ItemContext;
  /** The text without a byte order mark and without space around it. */
  readonly text: string;
  /** SHA-256 of the file's bytes as stored, 64 hex digits. */
  readonly sha256: string;
  /** S3 URI, or path in the folder. */
  readonly path: string;
  readonly place: ReportPlace;
  /** Tells runs apart in ids: by the report's place, or, where that names no run, by the run that the reader found it through. */
  readonly runKey: string;
  /** What goes on over many reports: the schedule, the analysis, or the directory. Part of finding keys, never of ids. */
  readonly series: string;
  readonly runTime: string | null;
  /** Violations of the same run, from the file beside this one. */
  readonly violations: readonly JsonObject[];
}

/** Reads the context of a report file. The same bytes in the same place of a run give the same, by API, by event and from a folder. */
export function reportFile(item: RawItem): ReportFile {
  const { context } = item;
  const path = stringAt(context, 'path') ?? (item.channel.kind === 'file' ? item.channel.path : '');
  const place = reportPlace(path);
  return {
    item,
    context,
    path,
    place,
    runKey: place.runKey === '' ? runOf(context) : place.runKey,
    // A folder gives the text from its first brace to its last, S3 gives all of it: what stands around is no part of the report.
    text: item.text.replace(/^\ufeff/, '').trim(),
    sha256: stringAt(context, 'sha256') ?? (item.channel.kind === 'file' ? item.channel.sha256 : hash('sha256', item.text)),
    series: stringAt(context, 'series') ?? stringAt(context, 'scheduleArn') ?? place.schedule ?? directoryOf(path),
    runTime: stringAt(context, 'runTime') ?? place.runTime,
    violations: violationsBeside(at(context, 'siblings')),
  };
}

function runOf(context: ItemContext): string {
  const time = stringAt(context, 'runTime');
  return time === undefined ? '' : `${stringAt(context, 'scheduleName') ?? ''}@${time}`;
}

/** What every observation of a report has in common. */
export function reportBase(
  report: ReportFile,
): Pick<Observation, 'partition' | 'account' | 'region' | 'versionKey' | 'occurredAt' | 'observedAt' | 'severity'> {
  const { partition, account, region } = report.context;
  return {
    partition,
    account,
    region,
    // Equal entries of two reports are two things: the hash of the report (always in `facts.sha256`) is blinded into the id.
    versionKey: { contentAnd: [], facts: ['sha256'] },
    occurredAt: report.runTime ?? stringAt(report.context, 'effectiveAt') ?? null,
    observedAt: stringAt(report.context, 'lastModified') ?? null,
    severity: null,
  };
}

/** ARN of a SageMaker resource, or its name where the account is not known. SageMaker writes names in lower case in ARNs. */
export function sageMakerArn(context: ItemContext, type: string, name: string): string {
  const { partition, account, region } = context;
  return /^\d{12}$/.test(account) ? `arn:${partition}:sagemaker:${region}:${account}:${type}/${name.toLowerCase()}` : name;
}

/** Tags of a resource as the reader found them. */
export function resource(arn: string, type: string, tags: Json | undefined): Resource {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(typeof tags === 'object' && tags !== null ? tags : {}))
    if (typeof value === 'string') found[name] = value;
  return Object.keys(found).length === 0 ? { arn, type } : { arn, type, tags: found };
}

/** The schedule and endpoint that a report is about; for a report of no known schedule, its place in their stead. */
export function monitorResources(report: ReportFile): readonly Resource[] {
  const { context, place } = report;
  const endpoint = stringAt(context, 'endpointName') ?? place.endpoint;
  const schedule =
    stringAt(context, 'scheduleArn') ??
    (place.schedule === null ? report.path : sageMakerArn(context, 'monitoring-schedule', place.schedule));
  const resources = [resource(schedule, 'AWS::SageMaker::MonitoringSchedule', at(context, 'scheduleTags'))];
  if (endpoint !== null) {
    resources.push(resource(sageMakerArn(context, 'endpoint', endpoint), 'AWS::SageMaker::Endpoint', at(context, 'endpointTags')));
  }
  return resources;
}
