// SPDX-License-Identifier: Apache-2.0
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '../../src/evidence/json.ts';
import { asff } from '../fixtures/securityhub/findings.ts';
import { trailRecord } from './intake.ts';
import { sensitiveFinding } from './macie.ts';

/** Files by path, as text or bytes. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A Model Monitor report as the data quality monitor writes it. */
export const violations: JsonObject = {
  version: 0,
  violations: [
    { feature_name: 'age', constraint_check_type: 'data_type_check', description: 'Value: 0.5 does not meet the constraint requirement!' },
    {
      feature_name: 'income',
      constraint_check_type: 'baseline_drift_check',
      description: 'Baseline drift distance: 0.4 exceeds threshold: 0.1',
    },
  ],
};

const metrics = [
  { name: 'DI', description: 'Disparate Impact (DI)', value: 0.71 },
  { name: 'DPPL', description: 'Difference in Positive Proportions', value: 0.2 },
];

/** A Clarify bias analysis of one group: one document and two metrics. */
export const analysis: JsonObject = {
  version: '1.0',
  post_training_bias_metrics: {
    label: 'approved',
    label_value_or_threshold: '1',
    facets: { gender: [{ value_or_threshold: '1', metrics }] },
  },
};

/** A CloudTrail log file as S3 holds it. */
export function logFile(...records: readonly string[]): Buffer {
  return gzipSync(`{"Records":[${records.join(',')}]}`);
}

/** The EventBridge event that carries a detail. */
export function eventBridge(source: string, detailType: string, detail: string): string {
  const id = '7bf73129-1428-4cd3-a780-95db273d1602';
  const head = {
    version: '0',
    id,
    'detail-type': detailType,
    source,
    account: '111122223333',
    time: '2026-11-19T10:00:03Z',
    region: 'eu-west-1',
  };
  return `${JSON.stringify(head).slice(0, -1)},"resources":[],"detail":${detail}}`;
}

/** One item of each source in the form AWS keeps it in files. */
export const oneOfEach: Files = {
  'trail/a.json.gz': logFile(trailRecord('e-1'), trailRecord('e-2', { eventName: 'DeleteEndpoint' })),
  'hub/findings.json': JSON.stringify({ Findings: [asff] }),
  'macie/findings.json': JSON.stringify({ findings: [sensitiveFinding] }),
  'monitor/constraint_violations.json': JSON.stringify(violations, null, 2),
  'clarify/analysis.json': JSON.stringify(analysis, null, 2),
};

/** Observations in `oneOfEach`, by source. */
export const oneOfEachItems: Readonly<Record<string, number>> = {
  cloudtrail: 2,
  securityhub: 1,
  macie: 1,
  'sagemaker-model-monitor': 2,
  'sagemaker-clarify': 3,
};

/** Writes files below a directory and gives its path. */
export async function writeFiles(root: string, files: Files): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}
