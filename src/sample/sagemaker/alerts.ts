// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import { timeOn } from './described.ts';
import type { MonitorPlan } from './monitor-plan.ts';

interface Line {
  readonly day: number;
  readonly status: 'InAlert' | 'OK';
}

// Data quality went up with the drift and down with the new baseline; bias has been up for two weeks; model quality for five days.
const histories: Readonly<Record<MonitorPlan['type'], readonly Line[]>> = {
  DataQuality: [
    { day: 15, status: 'InAlert' },
    { day: 20, status: 'OK' },
  ],
  ModelQuality: [
    { day: 17, status: 'InAlert' },
    { day: 19, status: 'OK' },
    { day: 25, status: 'InAlert' },
  ],
  ModelBias: [{ day: 16, status: 'InAlert' }],
  ModelExplainability: [],
};

function alertName(monitor: MonitorPlan): string {
  return `${monitor.schedule}-alert`;
}

/** Items of ListMonitoringAlerts of one schedule. */
export function alertsOf(world: SampleWorld, monitor: MonitorPlan): readonly JsonObject[] {
  const last = histories[monitor.type].at(-1);
  return [
    {
      MonitoringAlertName: alertName(monitor),
      CreationTime: timeOn(world, -100),
      LastModifiedTime: last === undefined ? timeOn(world, -100) : timeOn(world, last.day, monitor.hour + 1),
      AlertStatus: last?.status ?? 'OK',
      DatapointsToAlert: 1,
      EvaluationPeriod: 1,
      Actions: { ModelDashboardIndicator: { Enabled: true } },
    },
  ];
}

/** Lines of ListMonitoringAlertHistory of one schedule, newest first. */
export function alertHistory(world: SampleWorld, monitor: MonitorPlan): readonly JsonObject[] {
  return histories[monitor.type].toReversed().map(({ day, status }) => ({
    MonitoringScheduleName: monitor.schedule,
    MonitoringAlertName: alertName(monitor),
    CreationTime: timeOn(world, day, monitor.hour + 1),
    AlertStatus: status,
  }));
}
