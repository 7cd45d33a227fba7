// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { outputPrefixes } from '../report/job-outputs.ts';
import type { MonitorType } from '../report/monitor-type.ts';
import { below } from '../report/open-s3.ts';
import { type ReadReport, readReport } from '../report/read-report.ts';
import { recogniseReport } from '../report/recognise-report.ts';
import type { ListedRun } from './joined-schedule.ts';
import type { MonitorCalls } from './monitor-calls.ts';

/** Whether the violations of a run were read, and how many there were. */
export type RunReport = { readonly read: false } | { readonly read: true; readonly violations: number };

/** The prebuilt containers write the first name; a sample of AWS for own containers writes the second. */
const violationNames = ['constraint_violations.json', 'constraints_violations.json'];

/** The reports of one run, from the addresses its job names: violations, and the statistics and constraints of quality monitors. */
export async function* readRunReports(
  calls: MonitorCalls,
  listed: ListedRun,
  { job, monitorType }: { readonly job: JsonObject; readonly monitorType: MonitorType },
): AsyncGenerator<Reading, RunReport> {
  let report: RunReport = { read: false };
  for (const prefix of outputPrefixes(job)) {
    const violations = await firstOf(
      calls,
      violationNames.map((name) => below(prefix, name)),
    );
    const siblings: JsonObject = violations === null ? {} : { violations: arrayAt(violations.value, 'violations') };
    if (violations !== null) {
      report = { read: true, violations: arrayAt(violations.value, 'violations').length };
      yield itemOf(calls, listed, violations, { shape: 'violations', monitorType, siblings });
    }
    // Bias and attribution monitors write analysis.json, which is Clarify's.
    if (monitorType === 'ModelBias' || monitorType === 'ModelExplainability') continue;
    for (const shape of ['statistics', 'constraints'] as const) {
      const found = await firstOf(calls, [below(prefix, `${shape}.json`)]);
      if (found !== null) yield itemOf(calls, listed, found, { shape, monitorType, siblings });
    }
  }
  return report;
}

async function firstOf(calls: MonitorCalls, uris: readonly string[]): Promise<ReadReport | null> {
  for (const uri of uris) {
    const report = await readReport(calls.s3, uri);
    if (report === 'absent') continue;
    if (!('gap' in report)) return isKnown(report) ? report : null;
    calls.gaps.add(report.gap);
    return null;
  }
  return null;
}

function isKnown({ value }: ReadReport): boolean {
  return recogniseReport(value)?.source === 'sagemaker-model-monitor' || Array.isArray(at(value, 'violations'));
}

function itemOf(
  calls: MonitorCalls,
  { joined, runTime, previousRun }: ListedRun,
  { object, text }: ReadReport,
  more: { readonly shape: string; readonly monitorType: MonitorType; readonly siblings: JsonObject },
): Reading {
  const { shape, monitorType, siblings } = more;
  return calls.item(
    shape,
    { body: text, requestId: object.requestId },
    {
      ...joined.context,
      path: object.uri,
      sha256: object.sha256,
      monitorType,
      siblings,
      ...(shape === 'violations' ? {} : { role: `run-${shape}` }),
      ...(object.lastModified === null ? {} : { lastModified: object.lastModified }),
      ...(runTime === null ? {} : { runTime }),
      ...(previousRun === null ? {} : { previousRun }),
    },
  );
}
