// SPDX-License-Identifier: Apache-2.0

import { arrayAt, at, type Json, stringAt } from '../../evidence/json.ts';
import { sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import { isoTime } from '../report/aws-time.ts';
import { isAbsent, pagesOf, type SageMakerOperation, sageMakerGap } from '../report/open-sagemaker.ts';
import type { JoinedSchedule } from './joined-schedule.ts';
import type { MonitorCalls } from './monitor-calls.ts';

interface Listed {
  readonly alert: Json;
  readonly answer: { readonly body: string; readonly requestId: string };
}

/** The alerts of one schedule and the lines of their history in the window. */
export async function* readAlerts(calls: MonitorCalls, joined: JoinedSchedule): AsyncGenerator<Reading> {
  const alerts: Listed[] = [];
  for await (const listed of listOf(calls, 'ListMonitoringAlerts', { MonitoringScheduleName: joined.name }, 'MonitoringAlertSummaries'))
    alerts.push(listed);
  if (alerts.length === 0) return;
  const raised = new Map<string, string>();
  yield* readHistory(calls, joined, alerts, raised);
  for (const { alert, answer } of alerts) {
    const raisedAt = raised.get(stringAt(alert, 'MonitoringAlertName') ?? '');
    const context = {
      ...joined.context,
      operation: 'ListMonitoringAlerts',
      ...(raisedAt === undefined || raisedAt === '' ? {} : { raisedAt }),
    };
    yield calls.item('state', answer, context);
  }
}

// Newest first, until the window is behind us and the newest line of every alert was seen: that line says since when it is up.
async function* readHistory(
  calls: MonitorCalls,
  joined: JoinedSchedule,
  alerts: readonly Listed[],
  raised: Map<string, string>,
): AsyncGenerator<Reading> {
  const names = new Set(alerts.map(({ alert }) => stringAt(alert, 'MonitoringAlertName') ?? ''));
  const asked = { MonitoringScheduleName: joined.name, SortBy: 'CreationTime', SortOrder: 'Descending' };
  for await (const { alert, answer } of listOf(calls, 'ListMonitoringAlertHistory', asked, 'MonitoringAlertHistory')) {
    const name = stringAt(alert, 'MonitoringAlertName') ?? '';
    const when = isoTime(at(alert, 'CreationTime')) ?? '';
    if (!raised.has(name)) raised.set(name, stringAt(alert, 'AlertStatus') === 'InAlert' ? when : '');
    names.delete(name);
    const isInWindow = Date.parse(when) >= Date.parse(calls.scope.window.since);
    if (!isInWindow && names.size === 0) return;
    if (isInWindow) yield calls.item('state', answer, { ...joined.context, operation: 'ListMonitoringAlertHistory' });
  }
}

async function* listOf(calls: MonitorCalls, operation: SageMakerOperation, input: object, name: string): AsyncGenerator<Listed> {
  for await (const page of pagesOf(calls.sageMaker, operation, input)) {
    if ('failure' in page) {
      if (!isAbsent(page.failure)) calls.gaps.add(sageMakerGap(operation, page.failure).gap);
      return;
    }
    const texts = sliceElements(page.body, name);
    for (const [i, alert] of arrayAt(page.value, name).entries()) {
      yield { alert, answer: { body: texts[i] ?? JSON.stringify(alert), requestId: page.requestId } };
    }
  }
}
