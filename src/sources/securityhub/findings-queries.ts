// SPDX-License-Identifier: Apache-2.0
import type { AwsSecurityFindingFilters } from '@aws-sdk/client-securityhub';
import { markAt, type Resumption } from '../mark.ts';
import type { TimeWindow } from '../source.ts';
import type { HubCalls } from './hub-calls.ts';
import { dayMilliseconds, movedBy } from './instant.ts';
import { type FindingsQuery, findingsPageSize } from './read-findings.ts';

/** Parts of reading Security Hub, in order. */
export const hubParts = ['standards', 'updated', 'failures', 'triaged', 'modified'] as const;
export type HubPart = (typeof hubParts)[number];

/** Where findings are read for a scope: its own Region, or the home Region narrowed to the scope's own findings. */
export interface ReadingPlace {
  readonly region: string;
  readonly onlyRegion: string | undefined;
}

/**
 * AWS deletes findings 90 days after their last update, archived ones after 30:
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings.html
 */
export const findingRetentionDays = 90;

/** A window at least this long is a full sweep. Archived findings live 30 days, so a sweep every 25 at the latest misses none. */
export const fullSweepDays = 7;

const equals = (values: readonly string[]) => values.map((Value) => ({ Value, Comparison: 'EQUALS' as const }));

/** All CSPM findings updated in the window. */
export function updatedFindings(calls: HubCalls, place: ReadingPlace, done: Resumption<HubPart>): FindingsQuery {
  const { window } = calls.scope;
  return cspmQuery(calls, place, { name: 'updated', part: 'findings updated in the window', filters: {}, window, isSweep: false, done });
}

/**
 * Of CSPM findings not updated since before the window, those that a sweep looks at again: failures that still stand, and findings of any
 * product that a customer dealt with. Triage moves no time that GetFindings can be asked by.
 */
export function standingFindings(calls: HubCalls, place: ReadingPlace, done: Resumption<HubPart>): FindingsQuery[] {
  const { window } = calls.scope;
  const before = { since: movedBy(window.since, -findingRetentionDays * dayMilliseconds), until: window.since };
  const active = { RecordState: equals(['ACTIVE']) };
  const failed = { ...active, ComplianceStatus: equals(['FAILED', 'WARNING']) };
  const triaged = { ...active, WorkflowStatus: equals(['NOTIFIED', 'RESOLVED', 'SUPPRESSED']) };
  const queries = [
    { name: 'failures' as const, part: 'failures not updated since', filters: failed },
    { name: 'triaged' as const, part: 'triaged findings not updated since', filters: triaged },
  ];
  return queries
    .filter(({ name }) => !done.isDone(name))
    .map((query) => cspmQuery(calls, place, { ...query, window: before, isSweep: true, done }));
}

interface CspmPart {
  readonly name: HubPart;
  readonly done: Resumption<HubPart>;
  readonly part: string;
  readonly filters: AwsSecurityFindingFilters;
  readonly window: TimeWindow;
  readonly isSweep: boolean;
}

function cspmQuery({ sdk }: HubCalls, { region, onlyRegion }: ReadingPlace, cspmPart: CspmPart): FindingsQuery {
  const { name, done, part, filters, window, isSweep } = cspmPart;
  const narrowed = onlyRegion === undefined ? filters : { ...filters, Region: equals([onlyRegion]) };
  return {
    action: 'GetFindings',
    shape: 'asff',
    region,
    window,
    part,
    isSweep,
    after: done.after(name),
    mark: (newest) => markAt(name, newest),
    command: (since, NextToken) =>
      new sdk.GetFindingsCommand({
        Filters: { ...narrowed, UpdatedAt: [{ Start: since, End: window.until }] },
        SortCriteria: [{ Field: 'UpdatedAt', SortOrder: 'asc' }],
        MaxResults: findingsPageSize,
        NextToken,
      }),
    timeOf: (finding) => textMember(finding, 'UpdatedAt'),
  };
}

/** All findings of the newer Security Hub, in OCSF, modified in the window. */
export function modifiedFindings({ sdk, scope }: HubCalls, { region, onlyRegion }: ReadingPlace, done: Resumption<HubPart>): FindingsQuery {
  const { window } = scope;
  const FieldName = 'finding_info.modified_time_dt' as const;
  const regionFilters =
    onlyRegion === undefined ? [] : [{ FieldName: 'cloud.region' as const, Filter: { Value: onlyRegion, Comparison: 'EQUALS' as const } }];
  return {
    action: 'GetFindingsV2',
    shape: 'ocsf',
    region,
    window,
    part: 'findings modified in the window',
    isSweep: false,
    after: done.after('modified'),
    mark: (newest) => markAt('modified', newest),
    command: (since, NextToken) =>
      new sdk.GetFindingsV2Command({
        Filters: {
          CompositeFilters: [
            { DateFilters: [{ FieldName, Filter: { Start: since, End: window.until } }], StringFilters: regionFilters, Operator: 'AND' },
          ],
          CompositeOperator: 'AND',
        },
        SortCriteria: [{ Field: FieldName, SortOrder: 'asc' }],
        MaxResults: findingsPageSize,
        NextToken,
      }),
    timeOf: (finding) => textMember(memberOf(finding, 'finding_info'), 'modified_time_dt'),
  };
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textMember(value: unknown, name: string): string | undefined {
  const found = memberOf(value, name);
  return typeof found === 'string' ? found : undefined;
}
