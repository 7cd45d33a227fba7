// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../evidence/json.ts';
import type { Interpretation, RawItem, Reading } from '../evidence/observation.ts';
import { onlyForward, Resumption } from './mark.ts';
import { changedBaselines, interpretConstraints } from './model-monitor/interpret-document.ts';
import { interpretExecution, reportOnceRead } from './model-monitor/interpret-execution.ts';
import { interpretState } from './model-monitor/interpret-state.ts';
import { interpretStatistics } from './model-monitor/interpret-statistics.ts';
import { interpretViolations, repeatedViolations } from './model-monitor/interpret-violations.ts';
import { type MonitorCalls, openMonitorCalls } from './model-monitor/monitor-calls.ts';
import { readEndpoints } from './model-monitor/read-endpoints.ts';
import { readMonitorLocations } from './model-monitor/read-monitor-locations.ts';
import { readMonitorReport } from './model-monitor/read-monitor-report.ts';
import { monitorParts, readSchedules } from './model-monitor/read-schedules.ts';
import { revisedFacts } from './report/first-sight.ts';
import { guarded } from './report/guarded.ts';
import type { Connection, Scope, Source, SourceSettings } from './source.ts';

/** SageMaker Model Monitor: runs with their reports, schedules, definitions and baselines, endpoints, alerts. Closed to new customers since 2026-07-30. */
export function createModelMonitor(settings: SourceSettings): Source {
  return {
    id: 'sagemaker-model-monitor',
    title: 'SageMaker Model Monitor',
    actions: [
      'sagemaker:DescribeDataQualityJobDefinition',
      'sagemaker:DescribeEndpoint',
      'sagemaker:DescribeModelBiasJobDefinition',
      'sagemaker:DescribeModelExplainabilityJobDefinition',
      'sagemaker:DescribeModelQualityJobDefinition',
      'sagemaker:DescribeMonitoringSchedule',
      'sagemaker:DescribeProcessingJob',
      'sagemaker:ListEndpoints',
      'sagemaker:ListMonitoringAlertHistory',
      'sagemaker:ListMonitoringAlerts',
      'sagemaker:ListMonitoringExecutions',
      'sagemaker:ListMonitoringSchedules',
      'sagemaker:ListTags',
      's3:GetObject',
      's3:ListBucket',
      'kms:Decrypt',
    ],
    schedule: 'rate(6 hours)',
    // A run is listed late and changes after it is listed: a day back. AWS does not say that metadata of runs expire; 1,100 days cover a certification cycle.
    window: { overlapHours: 24, retentionDays: 1100, fullSweepDays: 25 },
    identity:
      'run: schedule ARN and scheduled time; state: ARN of schedule, endpoint, definition or alert; report entries: the run in the report’s place (schedule and hour) and the report’s content',
    versionKey:
      'run: status, last modified time, and what was found out about it; state: status, last modified time, and facts that change without it; report entries: their content and the hash of their file',
    eventPatterns: [
      // S3 events are delivered at least once; SageMaker's own are best effort and only hasten the next read.
      {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { object: { key: [{ suffix: 'constraint_violations.json' }, { suffix: 'constraints_violations.json' }] } },
      },
      { source: ['aws.sagemaker'], 'detail-type': ['SageMaker Monitoring Schedule State Change'] },
    ],
    derivations: [
      repeatedViolations,
      changedBaselines,
      reportOnceRead,
      revisedFacts('sagemaker-model-monitor.revised-metrics', ['thresholdOutcome', 'violated'], ({ kind }) => kind === 'metric'),
    ],
    read: (connection, scope) => readModelMonitor(connection, scope),
    objects: { below: 'reportLocations', ownerOf: () => null, read: readReport },
    interpret: (item, value) => guarded(item, () => interpret(item, value, settings)),
  };
}

function interpret(item: RawItem, value: Json, settings: SourceSettings): readonly Interpretation[] | null {
  switch (item.shape) {
    case 'execution':
      return interpretExecution(item, value);
    case 'state':
      return interpretState(item, value, settings);
    case 'violations':
      return interpretViolations(item, value);
    case 'statistics':
      return interpretStatistics(item, value, settings);
    case 'constraints':
      return interpretConstraints(item, value, settings);
    default:
      return null;
  }
}

async function* readReport(connection: Connection, scope: Scope, uri: string): AsyncGenerator<Reading> {
  const calls = await openMonitorCalls(connection, scope);
  try {
    yield* readMonitorReport(calls, uri);
  } finally {
    calls.close();
  }
}

async function* readScope(calls: MonitorCalls): AsyncGenerator<Reading> {
  const done = new Resumption(monitorParts, calls.scope.resumeAfter);
  yield* readSchedules(calls, done);
  yield* readEndpoints(calls, done);
  yield* readMonitorLocations(calls, done);
  yield* calls.gaps.drain();
}

async function* readModelMonitor(connection: Connection, scope: Scope): AsyncGenerator<Reading> {
  const calls = await openMonitorCalls(connection, scope);
  try {
    yield* onlyForward(readScope(calls), monitorParts, scope.resumeAfter);
  } finally {
    calls.close();
  }
}
