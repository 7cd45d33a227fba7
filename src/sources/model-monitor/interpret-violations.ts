// SPDX-License-Identifier: Apache-2.0

import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { sliceElements } from '../../evidence/json-slices.ts';
import type { Facts, Interpretation, RawItem } from '../../evidence/observation.ts';
import { revise, sameReport, seriesOf } from '../report/first-sight.ts';
import { numbersIn } from '../report/metric-value.ts';
import { monitorTypeNamed, monitorTypeOfViolation } from '../report/monitor-type.ts';
import { monitorResources, type ReportFile, reportBase, reportFile } from '../report/report-file.ts';
import { unreadable } from '../report/unreadable.ts';
import type { Derivation } from '../source.ts';

/**
 * A whole constraint_violations.json (or `constraints_violations.json`): one finding per entry, in any of the three dialects. A run that found
 * nothing writes an empty list: that is a document.
 */
export function interpretViolations(item: RawItem, value: Json): readonly Interpretation[] {
  if (!Array.isArray(at(value, 'violations'))) return [unreadable(item, 'violations file', 'a list named violations')];
  const report = reportFile(item);
  if (isJsonObject(value) && arrayAt(value, 'violations').length === 0) return [noViolations(report, value)];
  const texts = sliceElements(report.text, 'violations');
  return arrayAt(value, 'violations').map((entry: Json, i) =>
    isJsonObject(entry)
      ? violation(report, entry, texts[i] ?? JSON.stringify(entry))
      : unreadable(item, 'violation', `an object as entry ${i}`),
  );
}

function violation(report: ReportFile, entry: JsonObject, text: string): Interpretation {
  const check = stringAt(entry, 'constraint_check_type') ?? 'unknown check';
  const subject = subjectOf(entry);
  return {
    observation: {
      ...reportBase(report),
      source: 'sagemaker-model-monitor',
      kind: 'finding',
      sourceIdentity: `violation:${report.runKey}`,
      findingKey: `sagemaker-model-monitor:violation:${report.series}:${check}:${subject}`,
      title: `${check} violated: ${subject}`,
      resources: monitorResources(report),
      detail: entry,
      text,
      facts: violationFacts(report, entry),
    },
  };
}

// It shows that nothing was listed, not that anything was compared: whether the run had limits is known of the run.
function noViolations(report: ReportFile, detail: JsonObject): Interpretation {
  return {
    observation: {
      ...reportBase(report),
      source: 'sagemaker-model-monitor',
      kind: 'document',
      sourceIdentity: `violations:${report.runKey}`,
      findingKey: `sagemaker-model-monitor:run-violations:${report.series}`,
      title: 'Report of a monitoring run: no violations found',
      resources: monitorResources(report),
      detail,
      text: report.text,
      facts: {
        monitorType: monitorTypeNamed(stringAt(report.context, 'monitorType')),
        role: 'run-violations',
        violations: 0,
        sha256: report.sha256,
        reduced: false,
        ...(report.runTime === null ? {} : { runTime: report.runTime }),
      },
    },
  };
}

// The first sight of a violation counts one run; the derivation counts back where the runs before are known.
function violationFacts(report: ReportFile, entry: JsonObject): Facts {
  const declared = monitorTypeNamed(stringAt(report.context, 'monitorType'));
  const numbers = numbersIn(stringAt(entry, 'description') ?? '');
  const previousRun = stringAt(report.context, 'previousRun');
  return {
    monitorType: declared === 'UNKNOWN' ? monitorTypeOfViolation(entry) : declared,
    repeatRuns: 1,
    sha256: report.sha256,
    ...(numbers.length === 0 ? {} : { numbers: [...numbers] }),
    ...(report.runTime === null ? {} : { runTime: report.runTime }),
    ...(previousRun === undefined ? {} : { previousRun }),
  };
}

/** What was violated: a feature, a metric of a group, or the metric of a label. Two runs that violate the same have the same subject. */
function subjectOf(entry: JsonObject): string {
  const text = (name: string) => {
    const value = at(entry, name);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  if (at(entry, 'feature_name') !== undefined) return text('feature_name');
  if (at(entry, 'facet') !== undefined) return `${text('metric_name')} ${text('facet')}=${text('facet_value')}`;
  if (at(entry, 'label') !== undefined) return `${text('metric_name')} ${text('label')}`;
  return text('metric_name');
}

const countedDays = 90;

/**
 * In how many runs in a row the same violation appears. The reader says which run with a result came before (`previousRun`, failed and
 * stopped ones skipped), so that one look at that run's count is enough; the count stops growing after 90 days.
 */
export const repeatedViolations: Derivation = {
  id: 'sagemaker-model-monitor.repeated-violations',
  when: 'in-order',
  concerns: (observation) => observation.kind === 'finding' && observation.findingKey !== null,
  derive: async (observation, context) => {
    const series = await seriesOf(observation, context, 50);
    const { previousRun, runTime } = observation.facts;
    const before = previousRun === undefined ? undefined : series.find((entry) => entry.facts['runTime'] === previousRun);
    const counted = before === undefined ? { repeatRuns: 1 } : nextCount(before.facts, String(runTime));
    const derived = { ...observation, facts: { ...observation.facts, ...counted } };
    return revise(derived, ['repeatRuns'], sameReport(derived, series));
  },
};

function nextCount(before: Facts, runTime: string): Facts {
  const runs = typeof before['repeatRuns'] === 'number' ? before['repeatRuns'] : 1;
  const since = String(before['repeatSince'] ?? before['runTime']);
  const isOld = Date.parse(runTime) - Date.parse(since) > countedDays * 86_400_000;
  return isOld ? { repeatRuns: runs, repeatSince: laterStart(since, before, runTime) } : { repeatRuns: runs + 1, repeatSince: since };
}

// The window of 90 days moves on by as much as the run did.
function laterStart(since: string, before: Facts, runTime: string): string {
  return new Date(Date.parse(since) + Date.parse(runTime) - Date.parse(String(before['runTime']))).toISOString();
}
