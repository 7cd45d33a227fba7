// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { sliceAt, sliceElements } from '../../evidence/json-slices.ts';
import { reduceMethod, reducePartialDependence, reduceShap } from '../report/reduce-analysis.ts';
import { Reduction, reducedText } from '../report/reduce-report.ts';
import { biasMetricCode } from '../report/violation-entries.ts';

/** One number or explanation of an analysis.json, with the text that it stood in. */
export interface AnalysisMetric {
  readonly section: string;
  /** Canonical code of a bias metric, or the method of an explanation. */
  readonly metric: string;
  /** Whom or what it is about: `facet=value`, a label, or a feature. */
  readonly group: string;
  /** Facet and its value, for bias metrics. */
  readonly facet: { readonly name: string; readonly value: string } | null;
  /** Where it stands in its section, so that equal entries stay two. */
  readonly position: string;
  readonly detail: JsonObject;
  readonly text: string;
}

/** The report that the metrics are cut from. */
export interface AnalysisText {
  readonly value: JsonObject;
  readonly text: string;
  readonly sha256: string;
}

/** All bias metrics of one section. */
export function biasMetrics({ value, text }: AnalysisText, section: string): AnalysisMetric[] {
  const facets = at(value, section, 'facets');
  const names = isJsonObject(facets) ? Object.keys(facets) : [];
  return names.flatMap((facet, f) => {
    const entryTexts = sliceElements(text, section, 'facets', facet);
    return arrayAt(facets, facet).flatMap((entry, e) => {
      const facetValue = wordOf(at(entry, 'value_or_threshold'));
      const texts = sliceElements(entryTexts[e] ?? '{}', 'metrics');
      return arrayAt(entry, 'metrics').flatMap((metric: Json, m) => {
        if (!isJsonObject(metric)) return [];
        return {
          section,
          metric: biasMetricCode(stringAt(metric, 'name') ?? '', section),
          group: `${facet}=${facetValue}`,
          facet: { name: facet, value: facetValue },
          position: `${f}.${e}.${m}`,
          detail: metric,
          text: texts[m] ?? JSON.stringify(metric),
        };
      });
    });
  });
}

function wordOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** All explanations: one for each label of SHAP, for each feature of partial dependence, and one for any other method. */
export function explanations(analysis: AnalysisText): AnalysisMetric[] {
  const methods = at(analysis.value, 'explanations');
  return Object.entries(isJsonObject(methods) ? methods : {}).flatMap(([method, entries]) => {
    if (entries === undefined) return [];
    if (method === 'kernel_shap' && isJsonObject(entries)) return shapLabels(analysis, entries);
    if (method === 'pdp' && Array.isArray(entries)) return partialDependences(analysis, entries);
    return [otherMethod(analysis, method, entries)];
  });
}

function shapLabels(analysis: AnalysisText, labels: JsonObject): AnalysisMetric[] {
  return Object.entries(labels).flatMap(([label, entry], i) => {
    if (!isJsonObject(entry)) return [];
    const reduction = new Reduction();
    const reduced = { value: reduceShap(reduction, entry), removed: reduction.removed };
    const text = sliceAt(analysis.text, 'explanations', 'kernel_shap', label) ?? JSON.stringify(entry);
    return explanation({ metric: 'kernel_shap', group: label, position: `${i}` }, reducedText(reduced, text, analysis.sha256));
  });
}

function partialDependences(analysis: AnalysisText, entries: readonly Json[]): AnalysisMetric[] {
  const texts = sliceElements(analysis.text, 'explanations', 'pdp');
  return entries.flatMap((entry, i) => {
    if (!isJsonObject(entry)) return [];
    const reduction = new Reduction();
    const reduced = { value: reducePartialDependence(reduction, entry), removed: reduction.removed };
    const kept = reducedText(reduced, texts[i] ?? JSON.stringify(entry), analysis.sha256);
    return explanation({ metric: 'pdp', group: stringAt(entry, 'feature_name') ?? '', position: `${i}` }, kept);
  });
}

function otherMethod(analysis: AnalysisText, method: string, entries: Json): AnalysisMetric {
  const reduction = new Reduction();
  const value = reduceMethod(reduction, method, entries);
  const reduced = { value: isJsonObject(value) ? value : {}, removed: reduction.removed };
  return explanation({ metric: method, group: '', position: '0' }, reducedText(reduced, '{}', analysis.sha256));
}

function explanation(
  named: Pick<AnalysisMetric, 'metric' | 'group' | 'position'>,
  kept: Pick<AnalysisMetric, 'detail' | 'text'>,
): AnalysisMetric {
  return { section: 'explanations', facet: null, ...named, ...kept };
}
