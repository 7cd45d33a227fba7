// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import { creditSystem, dayMilliseconds, madeUpShare } from './monitor-plan.ts';

/** One processing job of the sample that no monitor started. */
export interface PlannedJob {
  readonly name: string;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly minutes: number;
  readonly status: 'Completed' | 'Failed' | 'Stopped';
  readonly failure?: string;
  /** Key prefixes in the report bucket; without a configuration it is no Clarify job. */
  readonly config?: string;
  readonly output: string;
  readonly asks: 'bias' | 'explanations' | 'nothing';
}

/** Clarify jobs around the release of the model, one that failed and was repeated, one that was not, and jobs that are none of Clarify's. */
export function plannedJobs(world: SampleWorld): readonly PlannedJob[] {
  return Array.from({ length: world.scale }, (_, i) => jobsOf(world, i === 0 ? '' : `-${i + 1}`)).flat();
}

function jobsOf(world: SampleWorld, suffix: string): PlannedJob[] {
  const job = (name: string, day: number, more: Pick<PlannedJob, 'status' | 'asks'> & Partial<PlannedJob>): PlannedJob => ({
    name: `${name}${suffix}`,
    created: Date.parse(world.since) + day * dayMilliseconds + 10 * 3_600_000,
    minutes: 14,
    output: `clarify/${name}${suffix}`,
    ...(more.asks === 'nothing' ? {} : { config: `clarify/config-${more.asks}${suffix}/analysis_config.json` }),
    ...more,
  });
  return [
    job('credit-scoring-features-2026-10-12', 0, { status: 'Completed', asks: 'nothing' }),
    job('credit-scoring-bias-2026-10-13', 1, { status: 'Completed', asks: 'bias' }),
    job('credit-scoring-explain-2026-10-13', 1, {
      status: 'Failed',
      asks: 'explanations',
      failure: 'ClientError: predictor endpoint did not come into service',
    }),
    job('credit-scoring-explain-2026-10-14', 2, { status: 'Completed', asks: 'explanations' }),
    job('credit-scoring-features-2026-10-26', 14, { status: 'Completed', asks: 'nothing' }),
    job('credit-scoring-bias-2026-11-07', 26, { status: 'Stopped', asks: 'bias' }),
  ];
}

/** analysis_config.json of the sample's jobs; the explanation one carries rows, as real ones do. */
export function analysisConfig(world: SampleWorld, asks: 'bias' | 'explanations', monitored: boolean): JsonObject {
  const model = creditSystem(world).parts['model'] ?? '';
  const predictor = { instance_type: 'ml.m5.xlarge', initial_instance_count: 1, accept_type: 'text/csv' };
  const base = {
    dataset_type: 'text/csv',
    headers: ['default', 'annual_income', 'debt_ratio', 'months_employed', 'open_accounts', 'requested_amount', 'age_band'],
    label: 'default',
    predictor: monitored ? predictor : { model_name: model, ...predictor },
  };
  const report = { name: 'report', title: 'Analysis Report' };
  if (asks === 'explanations') {
    const shap = {
      baseline: [[52_000, 0.31, 44, 3, 9_000]],
      num_samples: 100,
      agg_method: 'mean_abs',
      use_logit: false,
      save_local_shap_values: false,
    };
    return { ...base, methods: { shap, report } };
  }
  return {
    ...base,
    label_values_or_threshold: [1],
    facet: [{ name_or_index: 'age_band', value_or_threshold: ['18-25'] }],
    methods: { pre_training_bias: { methods: 'all' }, post_training_bias: { methods: 'all' }, report },
  };
}

/**
 * Text of the analysis.json of a completed job. A ratio without a denominator stands in it as the bare word Infinity, which is no JSON,
 * as Clarify writes it; a metric that could not be computed is null with an error.
 */
export function analysisText(job: PlannedJob): string {
  if (job.asks === 'explanations') return JSON.stringify(explanation(job), null, 4);
  const metric = (name: string, value: number | string | null, error?: string) => ({
    name,
    description: name,
    value,
    ...(error === undefined ? {} : { error }),
  });
  const small = (name: string) => madeUpShare(job.name, name) / 20;
  const noGroup = 'Group variable is empty or not provided';
  const post = [
    metric('AD', -small('AD')),
    metric('CDDPL', null, noGroup),
    metric('DCA', -small('DCA')),
    metric('DI', 1 - small('DI')),
    metric('DPPL', small('DPPL')),
    metric('TE', '@@Infinity@@'),
  ];
  const pre = [metric('CDDL', null, noGroup), metric('CI', 0.2 + small('CI')), metric('DPL', small('DPL')), metric('KL', small('KL'))];
  const section = (metrics: readonly JsonObject[]) => ({
    label: 'default',
    label_value_or_threshold: '1',
    facets: { age_band: [{ value_or_threshold: '18-25', metrics: [...metrics] }] },
  });
  const analysis = { version: '1.0', post_training_bias_metrics: section(post), pre_training_bias_metrics: section(pre) };
  return JSON.stringify(analysis, null, 4).replaceAll('"@@Infinity@@"', 'Infinity');
}

function explanation(job: PlannedJob): JsonObject {
  const values = ['annual_income', 'debt_ratio', 'months_employed', 'open_accounts', 'requested_amount'].map((name) => [
    name,
    madeUpShare(job.name, name) / 3,
  ]);
  const global_top_shap_text = { purpose: { wedding: 0.04, car: 0.03 } };
  return {
    version: '1.0',
    explanations: {
      kernel_shap: { label0: { global_shap_values: Object.fromEntries(values), expected_value: 0.21, global_top_shap_text } },
    },
  };
}

/** Result of an evaluation of the support assistant's model, as the fmeval library writes it. */
export function evaluationText(): string {
  const scores = [{ name: 'toxicity', value: 0.021 }];
  const toxicity = {
    eval_name: 'toxicity',
    dataset_name: 'support-questions',
    dataset_scores: scores,
    prompt_template: '$model_input',
    category_scores: null,
    output_path: '/tmp/eval/toxicity.jsonl',
    error: null,
  };
  const stereotyping = {
    eval_name: 'prompt_stereotyping',
    dataset_name: 'crows-pairs_sample',
    dataset_scores: [{ name: 'prompt_stereotyping', value: 0.58 }],
    category_scores: [{ name: 'age', scores: [{ name: 'prompt_stereotyping', value: 0.61 }] }],
    output_path: null,
    error: null,
  };
  return JSON.stringify([toxicity, stereotyping], null, 2);
}
