// SPDX-License-Identifier: Apache-2.0

import { at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { sliceAt } from '../../evidence/json-slices.ts';
import type { Facts, Interpretation, RawItem } from '../../evidence/observation.ts';
import { aiSystemsOf } from '../report/ai-systems-of.ts';
import { valueFacts } from '../report/metric-value.ts';
import { monitorTypeNamed, monitorTypeOfReport } from '../report/monitor-type.ts';
import { qualitySections } from '../report/recognise-report.ts';
import { reduceStatistics } from '../report/reduce-report.ts';
import { monitorResources, type ReportFile, reportBase, reportFile } from '../report/report-file.ts';
import { measured } from '../report/threshold-outcome.ts';
import { unreadable } from '../report/unreadable.ts';
import { isMetricViolated } from '../report/violation-entries.ts';
import type { SourceSettings } from '../source.ts';
import { documentObservation } from './interpret-document.ts';

/** A statistics.json: the file as a document without its data, and one metric per quality number that has a value. */
export function interpretStatistics(item: RawItem, value: Json, settings: SourceSettings): readonly Interpretation[] {
  if (!isJsonObject(value)) return [unreadable(item, 'statistics file', 'an object')];
  const report = reportFile(item);
  const document = documentObservation({ report, value, reduced: reduceStatistics(value), part: 'statistics' }, settings);
  return [document, ...qualitySections.flatMap((kind) => metricsOf(report, value, `${kind}_metrics`, settings))];
}

function metricsOf(report: ReportFile, value: JsonObject, section: string, settings: SourceSettings): Interpretation[] {
  const metrics = at(value, section);
  const entries = isJsonObject(metrics) ? Object.entries(metrics) : [];
  // Confusion matrices and curves have no value; `value: null` is one that could not be computed.
  return entries.flatMap(([name, entry]) =>
    isJsonObject(entry) && at(entry, 'value') !== undefined
      ? [metric({ report, section, name, entry }, monitorTypeNamedOr(report, value), settings)]
      : [],
  );
}

interface Member {
  readonly report: ReportFile;
  readonly section: string;
  readonly name: string;
  readonly entry: JsonObject;
}

function metric({ report, section, name, entry }: Member, monitorType: string, settings: SourceSettings): Interpretation {
  const resources = monitorResources(report);
  const value = valueFacts(entry);
  const aiSystems = aiSystemsOf(resources, report.context.account, settings.declarations.scope);
  const facts: Facts = {
    monitorType,
    section,
    metric: name,
    ...value,
    violated: isMetricViolated(report.violations, name),
    sha256: report.sha256,
    ...(report.runTime === null ? {} : { runTime: report.runTime }),
    ...measured({ aiSystems, section, metric: name }, value, settings.declarations.thresholds),
  };
  return {
    observation: {
      ...reportBase(report),
      source: 'sagemaker-model-monitor',
      kind: 'metric',
      sourceIdentity: `metric:${report.runKey}:${section}:${name}`,
      findingKey: `sagemaker-model-monitor:metric:${report.series}:${section}:${name}`,
      title: `${name} measured`,
      resources,
      detail: entry,
      text: sliceAt(report.text, section, name) ?? JSON.stringify(entry),
      facts,
    },
  };
}

function monitorTypeNamedOr(report: ReportFile, value: Json): string {
  const declared = monitorTypeNamed(stringAt(report.context, 'monitorType'));
  return declared === 'UNKNOWN' ? monitorTypeOfReport(value) : declared;
}
