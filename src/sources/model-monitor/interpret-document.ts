// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Facts, Interpretation, RawItem } from '../../evidence/observation.ts';
import { isApproved } from '../report/approval.ts';
import { revise, sameReport, seriesOf } from '../report/first-sight.ts';
import { monitorTypeNamed, monitorTypeOfReport } from '../report/monitor-type.ts';
import { analysisSections } from '../report/recognise-report.ts';
import { reduceAnalysis } from '../report/reduce-analysis.ts';
import { type Reduced, reduceConstraints, reducedText } from '../report/reduce-report.ts';
import { monitorResources, type ReportFile, reportBase, reportFile } from '../report/report-file.ts';
import { unreadable } from '../report/unreadable.ts';
import type { Derivation, SeriesEntry, SourceSettings } from '../source.ts';

/** A statistics or constraints file ready to become a document. */
export interface MonitorDocument {
  readonly report: ReportFile;
  readonly value: JsonObject;
  readonly reduced: Reduced;
  readonly part: 'statistics' | 'constraints';
}

/** A constraints.json, of any monitor: the limits that runs compare with. Those of bias and attribution are written as analysis.json is. */
export function interpretConstraints(item: RawItem, value: Json, settings: SourceSettings): readonly Interpretation[] {
  if (!isJsonObject(value)) return [unreadable(item, 'constraints file', 'an object')];
  const isAnalysis = analysisSections.some((section) => at(value, section) !== undefined);
  const reduced = isAnalysis ? reduceAnalysis(value) : reduceConstraints(value);
  return [documentObservation({ report: reportFile(item), value, reduced, part: 'constraints' }, settings)];
}

/** The document observation of a statistics or constraints file. */
export function documentObservation(document: MonitorDocument, settings: SourceSettings): Interpretation {
  const { report, value, reduced, part } = document;
  const role = roleOf(report, part);
  const facts = documentFacts(document, role, settings);
  // Two schedules may share one baseline file: each keeps its own series, the first of them the id that a copied file has too.
  const also = stringAt(report.context, 'sharedWith') === undefined ? '' : `:${report.series}`;
  return {
    observation: {
      ...reportBase(report),
      source: 'sagemaker-model-monitor',
      kind: 'document',
      sourceIdentity: `${part}:${report.runKey}${also}`,
      findingKey: `sagemaker-model-monitor:${role}:${report.series}`,
      title: `${role} of ${String(facts['monitorType'])} with ${countOf(value)} limits or features`,
      resources: monitorResources(report),
      ...reducedText(reduced, report.text, report.sha256),
      facts,
    },
  };
}

// Known from the call that named the file; in a folder, a file among violations or in the hour of a run belongs to that run.
function roleOf(report: ReportFile, part: MonitorDocument['part']): string {
  const role = stringAt(report.context, 'role');
  if (role !== undefined) return role;
  const isRun = report.runTime !== null || at(report.context, 'siblings', 'violations') !== undefined;
  return `${isRun ? 'run' : 'baseline'}-${part}`;
}

function documentFacts({ report, value, reduced }: MonitorDocument, role: string, settings: SourceSettings): Facts {
  const { context, sha256, runTime } = report;
  const declared = monitorTypeNamed(stringAt(context, 'monitorType'));
  const isBaseline = role.startsWith('baseline-');
  const baseline = isBaseline ? { approved: isApproved(sha256, settings.declarations.approvals), baselineChanged: false } : {};
  const named = ['baselineUri', 'baseliningJob'].flatMap((name) =>
    stringAt(context, name) === undefined ? [] : [[name, stringAt(context, name) ?? '']],
  );
  return {
    monitorType: declared === 'UNKNOWN' ? monitorTypeOfReport(value) : declared,
    role,
    sha256,
    reduced: reduced.removed.length > 0,
    ...baseline,
    ...Object.fromEntries(named),
    ...(runTime === null ? {} : { runTime }),
  };
}

function countOf(value: Json): number {
  const features = arrayAt(value, 'features').length;
  if (features > 0) return features;
  const sections = isJsonObject(value) ? Object.values(value).filter((part) => isJsonObject(part)) : [];
  return sections.reduce<number>((sum, section) => sum + (isJsonObject(section) ? Object.keys(section).length : 0), 0);
}

/**
 * Whether the baseline of a schedule is another than at the sweep before. A wider limit silently hides drift, so the change stays
 * with its record: seen again, the same baseline is that record and not a fresh one without a change.
 */
export const changedBaselines: Derivation = {
  id: 'sagemaker-model-monitor.changed-baselines',
  when: 'in-order',
  concerns: ({ kind, facts }) => kind === 'document' && typeof facts['role'] === 'string' && facts['role'].startsWith('baseline-'),
  derive: async (observation, context) => {
    const series = await seriesOf(observation, context, 50);
    const derived = { ...observation, facts: { ...observation.facts, ...changeSince(series[0], observation.facts) } };
    return revise(derived, ['approved', 'baselineChanged'], sameReport(derived, series));
  },
};

function changeSince(last: SeriesEntry | undefined, facts: Facts): Facts {
  if (last === undefined) return { baselineChanged: false };
  const isSame = ['sha256', 'baselineUri', 'baseliningJob'].every((name) => last.facts[name] === facts[name]);
  if (!isSame) return { baselineChanged: true, previousSha256: last.facts['sha256'] ?? null };
  const { previousSha256 } = last.facts;
  return { baselineChanged: last.facts['baselineChanged'] === true, ...(previousSha256 === undefined ? {} : { previousSha256 }) };
}
