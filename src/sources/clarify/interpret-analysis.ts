// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Facts, Interpretation, RawItem } from '../../evidence/observation.ts';
import { aiSystemsOf } from '../report/ai-systems-of.ts';
import { revise, sameReport, seriesOf } from '../report/first-sight.ts';
import { valueFacts } from '../report/metric-value.ts';
import { analysisSections } from '../report/recognise-report.ts';
import { reduceAnalysis } from '../report/reduce-analysis.ts';
import { reducedText } from '../report/reduce-report.ts';
import { type ReportFile, reportBase, reportFile, sageMakerArn } from '../report/report-file.ts';
import { measured } from '../report/threshold-outcome.ts';
import { unreadable } from '../report/unreadable.ts';
import { isBiasViolated } from '../report/violation-entries.ts';
import type { Derivation, SourceSettings } from '../source.ts';
import { type AnalysisMetric, biasMetrics, explanations } from './analysis-metrics.ts';
import { clarifyResources, originOf } from './clarify-report.ts';

/** An analysis.json: the report as a document, and one metric for each bias number and each explanation in it. */
export function interpretAnalysis(item: RawItem, value: Json, settings: SourceSettings): readonly Interpretation[] {
  const sections = analysisSections.filter((name) => at(value, name) !== undefined);
  if (!isJsonObject(value) || sections.length === 0) return [unreadable(item, 'analysis report', `one of ${analysisSections.join(', ')}`)];
  const report = reportFile(item);
  const analysis = { value, text: report.text, sha256: report.sha256 };
  const bias = sections.filter((name) => name !== 'explanations').flatMap((name) => biasMetrics(analysis, name));
  const metrics = [...bias, ...explanations(analysis)];
  return [document(report, value, sections), ...metrics.map((metric) => metricObservation(report, metric, settings))];
}

function document(report: ReportFile, value: JsonObject, sections: readonly string[]): Interpretation {
  const { context, sha256, runTime } = report;
  const reduced = reduceAnalysis(value);
  const biasSections = sections.filter((name) => name !== 'explanations');
  const model = stringAt(context, 'modelName');
  const facts: Facts = {
    role: 'analysis',
    sections: [...sections],
    asksBias: biasSections.length > 0,
    groupCount: groupCount(value, biasSections),
    timing: stringAt(context, 'timing') ?? 'UNKNOWN',
    origin: originOf(report),
    sha256,
    reduced: reduced.removed.length > 0,
    ...(runTime === null ? {} : { runTime }),
  };
  return {
    observation: {
      ...reportBase(report),
      source: 'sagemaker-clarify',
      kind: 'document',
      sourceIdentity: `analysis:${report.runKey}`,
      // Analyses of one model are one series, whatever job made them: a later one is the newest word on that model.
      findingKey: `sagemaker-clarify:analysis:${model === undefined ? report.series : sageMakerArn(context, 'model', model)}:${sections.join('+')}`,
      title: `Clarify analysis: ${sections.join(', ')}`,
      resources: clarifyResources(report),
      ...reducedText(reduced, report.text, sha256),
      facts,
    },
  };
}

function groupCount(value: JsonObject, sections: readonly string[]): number {
  const groups = sections.flatMap((section) => {
    const facets = at(value, section, 'facets');
    return Object.keys(isJsonObject(facets) ? facets : {}).flatMap((facet) =>
      arrayAt(facets, facet).map((entry) => JSON.stringify([facet, at(entry, 'value_or_threshold') ?? null])),
    );
  });
  return new Set(groups).size;
}

function metricObservation(report: ReportFile, entry: AnalysisMetric, settings: SourceSettings): Interpretation {
  const { section, metric, group, facet } = entry;
  const resources = clarifyResources(report);
  return {
    observation: {
      ...reportBase(report),
      source: 'sagemaker-clarify',
      kind: 'metric',
      // Groups are protected attributes, so the position stands for them where nothing can be withheld.
      sourceIdentity: `metric:${report.runKey}:${section}:${metric}:${entry.position}`,
      findingKey: `sagemaker-clarify:metric:${report.series}:${section}:${metric}:${group}`,
      title: facet === null ? `${metric} explanation` : `${metric} measured for ${group}`,
      resources,
      detail: entry.detail,
      text: entry.text,
      facts: {
        section,
        metric,
        group,
        origin: originOf(report),
        sha256: report.sha256,
        violated: facet !== null && isBiasViolated(report.violations, metric, facet.name, facet.value),
        ...(report.runTime === null ? {} : { runTime: report.runTime }),
        ...valueAndOutcome(report, entry, settings, resources),
      },
    },
  };
}

function valueAndOutcome(
  report: ReportFile,
  { section, metric, group, facet, detail }: AnalysisMetric,
  settings: SourceSettings,
  resources: ReturnType<typeof clarifyResources>,
): Facts {
  if (facet === null) return { valueState: 'MISSING' };
  const value = valueFacts(detail);
  const aiSystems = aiSystemsOf(resources, report.context.account, settings.declarations.scope);
  return { ...value, ...measured({ aiSystems, section, metric, group }, value, settings.declarations.thresholds) };
}

/**
 * An analysis after the release is AFTER only where no other analysis of the model is known from before it; and when the time of
 * release becomes known later, that is a version of its own.
 */
export const analysisTiming: Derivation = {
  id: 'sagemaker-clarify.analysis-timing',
  when: 'in-order',
  concerns: ({ kind, facts }) => kind === 'document' && facts['role'] === 'analysis',
  derive: async (observation, context) => {
    const series = await seriesOf(observation, context, 50);
    const isAnalysedBefore = series.some((entry) => entry.facts['timing'] === 'BEFORE');
    const timing = observation.facts['timing'] === 'AFTER' && isAnalysedBefore ? 'UNKNOWN' : (observation.facts['timing'] ?? 'UNKNOWN');
    const derived = { ...observation, facts: { ...observation.facts, timing } };
    return revise(derived, ['timing'], sameReport(derived, series));
  },
};
