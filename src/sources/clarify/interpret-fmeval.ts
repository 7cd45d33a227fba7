// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../evidence/canonical-json.ts';
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Facts, Interpretation, RawItem } from '../../evidence/observation.ts';
import { aiSystemsOf } from '../report/ai-systems-of.ts';
import { valueFacts } from '../report/metric-value.ts';
import { type ReportFile, reportBase, reportFile } from '../report/report-file.ts';
import { measured } from '../report/threshold-outcome.ts';
import { unreadable } from '../report/unreadable.ts';
import type { SourceSettings } from '../source.ts';
import { clarifyResources, originOf } from './clarify-report.ts';

interface Score {
  readonly evaluation: JsonObject;
  readonly score: JsonObject | null;
  /** Category, empty for the whole data set. */
  readonly group: string;
  readonly position: string;
}

/** An fmeval result (one EvalOutput or a list of them): one metric for each score; `output_path`, which holds rows, is never opened. */
export function interpretFmeval(item: RawItem, value: Json, settings: SourceSettings): readonly Interpretation[] {
  const report = reportFile(item);
  const evaluations: readonly Json[] = Array.isArray(value) ? value : [value];
  return evaluations.flatMap((evaluation) => {
    if (!isJsonObject(evaluation) || stringAt(evaluation, 'eval_name') === undefined)
      return [unreadable(item, 'evaluation result', 'eval_name')];
    return scoresOf(evaluation).map((score) => metric(report, score, settings));
  });
}

// Positions count within one evaluation: a list of them in a folder comes one by one, from S3 as a whole.
function scoresOf(evaluation: JsonObject): Score[] {
  const whole = scoreList(arrayAt(evaluation, 'dataset_scores'), { evaluation, group: '', position: 'all' });
  const categories = arrayAt(evaluation, 'category_scores').flatMap((category, c) =>
    scoreList(arrayAt(category, 'scores'), { evaluation, group: stringAt(category, 'name') ?? '', position: String(c) }),
  );
  const scores = [...whole, ...categories];
  return scores.length > 0 ? scores : [{ evaluation, score: null, group: '', position: '' }];
}

function scoreList(scores: readonly Json[], of: Omit<Score, 'score'>): Score[] {
  return scores.flatMap((score, s) => (isJsonObject(score) ? [{ ...of, score, position: `${of.position}.${s}` }] : []));
}

function metric(report: ReportFile, { evaluation, score, group, position }: Score, settings: SourceSettings): Interpretation {
  const name = stringAt(evaluation, 'eval_name') ?? '';
  const scoreName = stringAt(score ?? {}, 'name') ?? '';
  const resources = clarifyResources(report);
  const value = valueFacts(score ?? undefined);
  const aiSystems = aiSystemsOf(resources, report.context.account, settings.declarations.scope);
  const sought = { aiSystems, section: 'fmeval', metric: name, group, score: scoreName };
  const detail = detailOf(evaluation, score, group);
  const facts: Facts = {
    section: 'fmeval',
    metric: name,
    group,
    origin: originOf(report),
    sha256: report.sha256,
    violated: false,
    ...(score === null ? {} : { score: scoreName }),
    ...value,
    ...measured(sought, value, settings.declarations.thresholds),
  };
  return {
    observation: {
      ...reportBase(report),
      source: 'sagemaker-clarify',
      kind: 'metric',
      sourceIdentity: `fmeval:${report.runKey}:${name}:${position}`,
      findingKey: `sagemaker-clarify:fmeval:${report.series}:${name}:${stringAt(evaluation, 'dataset_name') ?? ''}:${scoreName}:${group}`,
      title: `Evaluation ${name}${scoreName === '' ? '' : `: ${scoreName}`}`,
      resources,
      detail,
      text: canonicalJson(detail),
      facts,
    },
  };
}

// One score with what it was measured on: the file around it holds all others too.
function detailOf(evaluation: JsonObject, score: JsonObject | null, group: string): JsonObject {
  const error = at(evaluation, 'error');
  const kept = score === null ? {} : { score: { name: at(score, 'name') ?? null, ...finiteValue(score) } };
  return {
    eval_name: at(evaluation, 'eval_name') ?? null,
    dataset_name: at(evaluation, 'dataset_name') ?? null,
    ...kept,
    ...(group === '' ? {} : { category: group }),
    ...(error === undefined || error === null ? {} : { error }),
  };
}

function finiteValue(score: JsonObject): JsonObject {
  const value = at(score, 'value');
  if (value === undefined) return {};
  return { value: typeof value === 'number' && !Number.isFinite(value) ? String(value) : value };
}
