// SPDX-License-Identifier: Apache-2.0
import { at, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { RawItem } from '../../evidence/observation.ts';
import { hoursBetween, isoTime, timePart } from '../report/aws-time.ts';
import { resource, sageMakerArn } from '../report/report-file.ts';
import type { StateParts } from './state-parts.ts';

const overdueHours = 168;

/**
 * One item of ListMonitoringAlerts or one line of ListMonitoringAlertHistory. Context: `scheduleName` and `scheduleArn` (an alert does
 * not name its schedule), and for an alert `raisedAt`, the time of the newest rise that no later OK follows.
 */
export function alertState(item: RawItem, alert: JsonObject, operation: 'ListMonitoringAlerts' | 'ListMonitoringAlertHistory'): StateParts {
  const { context } = item;
  const name = stringAt(alert, 'MonitoringAlertName');
  const status = stringAt(alert, 'AlertStatus') ?? 'unknown status';
  const schedule = stringAt(alert, 'MonitoringScheduleName') ?? stringAt(context, 'scheduleName') ?? '';
  const arn = stringAt(context, 'scheduleArn') ?? sageMakerArn(context, 'monitoring-schedule', schedule);
  const resources = [resource(arn, 'AWS::SageMaker::MonitoringSchedule', at(context, 'scheduleTags'))];
  const title = `Monitoring alert ${name ?? ''} of ${schedule}: ${status}`;
  if (operation === 'ListMonitoringAlertHistory') {
    const when = isoTime(at(alert, 'CreationTime'));
    const identity = name === undefined || when === null ? null : `alert-line:${arn}:${name}:${when}`;
    return { identity, version: [status], lasts: false, occurredAt: when, title, resources, facts: {} };
  }
  // Where the history could not be read, the last change of the alert is when it went up.
  const raisedAt = stringAt(context, 'raisedAt') ?? isoTime(at(alert, 'LastModifiedTime'));
  const facts = openFacts(status, raisedAt, context.sweptAt);
  const version = [status, timePart(at(alert, 'LastModifiedTime')), ...(facts.alertOverdue ? ['alertOverdue'] : [])];
  const identity = name === undefined ? null : `alert:${arn}:${name}`;
  return { identity, version, lasts: true, occurredAt: isoTime(at(alert, 'LastModifiedTime')), title, resources, facts };
}

// A type, not an interface: it goes into facts.
type OpenFacts = { readonly alertOverdue: boolean; readonly alertOpenHours?: number };

function openFacts(status: string, raisedAt: string | null, sweptAt: string): OpenFacts {
  if (status !== 'InAlert' || raisedAt === null) return { alertOverdue: false };
  const alertOpenHours = hoursBetween(raisedAt, sweptAt);
  return { alertOpenHours, alertOverdue: alertOpenHours > overdueHours };
}
