// SPDX-License-Identifier: Apache-2.0
import { at, isJsonObject, type Json } from '../../evidence/json.ts';
import type { Interpretation, RawItem } from '../../evidence/observation.ts';
import { reduceAnalysisConfig } from '../report/reduce-analysis.ts';
import { reducedText } from '../report/reduce-report.ts';
import { reportBase, reportFile } from '../report/report-file.ts';
import { unreadable } from '../report/unreadable.ts';
import { clarifyResources, originOf } from './clarify-report.ts';

/** An analysis_config.json: which groups and which outcome are compared, without the rows that SHAP compares with. */
export function interpretAnalysisConfig(item: RawItem, value: Json): readonly Interpretation[] {
  if (!isJsonObject(value)) return [unreadable(item, 'analysis configuration', 'an object')];
  const report = reportFile(item);
  const facet = at(value, 'facet');
  const reduced = reduceAnalysisConfig(value);
  const asksBias =
    facet !== undefined || ['pre_training_bias', 'post_training_bias'].some((name) => at(value, 'methods', name) !== undefined);
  return [
    {
      observation: {
        ...reportBase(report),
        source: 'sagemaker-clarify',
        kind: 'document',
        sourceIdentity: `analysis-config:${report.runKey}`,
        findingKey: `sagemaker-clarify:analysis-config:${report.series}`,
        title: asksBias ? 'Clarify configuration that asks for bias' : 'Clarify configuration for explanations',
        resources: clarifyResources(report),
        ...reducedText(reduced, report.text, report.sha256),
        facts: {
          role: 'analysis-config',
          asksBias,
          groupCount: Array.isArray(facet) ? facet.length : isJsonObject(facet) ? 1 : 0,
          origin: originOf(report),
          sha256: report.sha256,
          reduced: reduced.removed.length > 0,
        },
      },
    },
  ];
}
