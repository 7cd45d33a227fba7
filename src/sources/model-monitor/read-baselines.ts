// SPDX-License-Identifier: Apache-2.0
import { at, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { isoTime, laterOf } from '../report/aws-time.ts';
import { outputPrefixes } from '../report/job-outputs.ts';
import { below } from '../report/open-s3.ts';
import { isAbsent, sageMakerGap } from '../report/open-sagemaker.ts';
import { missingGap, type ReadReport, readReport } from '../report/read-report.ts';
import { type Baseline, baselineOf, inlineDefinition, monitorTypeOfOperation } from './job-definition.ts';
import type { JoinedSchedule } from './joined-schedule.ts';
import { type DescribedDefinition, type MonitorCalls, objectOf } from './monitor-calls.ts';

interface NamedBaseline {
  readonly namedBy: string;
  readonly monitorType: string;
  readonly createdAt: string | null;
  readonly baseline: Baseline;
}

/** The definitions of a schedule as states, oldest first, each followed by the baseline files it names: a changed baseline is seen as a change. */
export async function* readBaselines(
  calls: MonitorCalls,
  joined: JoinedSchedule,
  definitions: readonly DescribedDefinition[],
): AsyncGenerator<Reading> {
  const createdAt = (one: DescribedDefinition) => isoTime(at(one.answer.value, 'CreationTime')) ?? '';
  for (const definition of definitions.toSorted((a, b) => (createdAt(a) < createdAt(b) ? -1 : 1))) {
    const { operation, answer } = definition;
    if (calls.isNew(`definition:${stringAt(answer.value, 'JobDefinitionArn') ?? ''}`))
      yield calls.item('state', answer, { ...joined.context, operation });
    yield* readBaseline(calls, joined, {
      namedBy: stringAt(answer.value, 'JobDefinitionName') ?? operation,
      monitorType: monitorTypeOfOperation(operation),
      createdAt: isoTime(at(answer.value, 'CreationTime')),
      baseline: baselineOf(answer.value),
    });
  }
  const inline = inlineDefinition(joined.schedule);
  if (inline === undefined) return;
  yield* readBaseline(calls, joined, {
    namedBy: joined.name,
    monitorType: stringAt(joined.schedule, 'MonitoringType') ?? 'UNKNOWN',
    createdAt: isoTime(at(joined.schedule, 'CreationTime')),
    baseline: baselineOf(inline),
  });
}

async function* readBaseline(calls: MonitorCalls, joined: JoinedSchedule, named: NamedBaseline): AsyncGenerator<Reading> {
  const { constraintsUri, statisticsUri, jobName } = named.baseline;
  const prefix = jobName === null || constraintsUri !== null ? null : await outputOf(calls, jobName);
  const constraints = constraintsUri ?? (prefix === null ? null : below(prefix, 'constraints.json'));
  const statistics = statisticsUri ?? (prefix === null ? null : below(prefix, 'statistics.json'));
  if (constraints !== null) yield* readFile(calls, joined, { ...named, uri: constraints, part: 'constraints' });
  if (statistics !== null) yield* readFile(calls, joined, { ...named, uri: statistics, part: 'statistics' });
}

async function outputOf(calls: MonitorCalls, jobName: string): Promise<string | null> {
  const asked = await calls.sageMaker.ask('DescribeProcessingJob', { ProcessingJobName: jobName });
  if (!('failure' in asked)) return outputPrefixes(objectOf(asked))[0] ?? null;
  if (!isAbsent(asked.failure)) calls.gaps.add(sageMakerGap('DescribeProcessingJob', asked.failure).gap);
  return null;
}

interface BaselineFile extends NamedBaseline {
  readonly uri: string;
  readonly part: 'constraints' | 'statistics';
}

async function* readFile(calls: MonitorCalls, joined: JoinedSchedule, file: BaselineFile): AsyncGenerator<Reading> {
  const report = await readReport(calls.s3, file.uri);
  if (report === 'absent') calls.gaps.add(missingGap(file.uri, file.namedBy));
  else if ('gap' in report) calls.gaps.add(report.gap);
  else yield calls.item(file.part, { body: report.text, requestId: report.object.requestId }, contextOf(calls, joined, file, report));
}

function contextOf(calls: MonitorCalls, joined: JoinedSchedule, file: BaselineFile, { object }: ReadReport): JsonObject {
  // In force from when both the file and the definition that names it were there.
  const effectiveAt = laterOf(object.lastModified, file.createdAt);
  const first = calls.firstUser(file.part, object.sha256, joined.name);
  return {
    ...joined.context,
    path: object.uri,
    sha256: object.sha256,
    role: `baseline-${file.part}`,
    monitorType: file.monitorType,
    baselineUri: file.uri,
    ...(file.baseline.jobName === null ? {} : { baseliningJob: file.baseline.jobName }),
    ...(object.lastModified === null ? {} : { lastModified: object.lastModified }),
    ...(effectiveAt === null ? {} : { effectiveAt }),
    ...(first === joined.name ? {} : { sharedWith: calls.arn('monitoring-schedule', first) }),
  };
}
