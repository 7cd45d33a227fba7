// SPDX-License-Identifier: Apache-2.0
import { type Declarations, noDeclarations } from '../evidence/scope-file.ts';
import { sampleWorld } from '../sample/world.ts';

/** What the sample organisation declared: its AI systems by tag, and an approved limit for one metric. */
export const sampleDeclarations: Declarations = {
  scope: {
    ...noDeclarations.scope,
    approvedBy: 'head of AI governance (sample)',
    approvedOn: '2026-09-01',
    aiSystems: sampleWorld().systems.map(({ name, owner, tag, parts }) => ({
      name,
      owner,
      tags: [tag],
      arns: Object.entries(parts).flatMap(([part, value]) =>
        part.endsWith('Bucket') ? [`arn:aws:s3:::${value}`, `arn:aws:s3:::${value}/*`] : [],
      ),
      accounts: [],
    })),
    recordStores: ['acme-support-invocation-logs'],
  },
  thresholds: {
    schema: 'aims-evidence/thresholds/1',
    approvedBy: 'credit model owner (sample)',
    approvedOn: '2026-09-15',
    metrics: [
      {
        aiSystem: 'credit-scoring',
        section: 'post_training_bias_metrics',
        metric: 'DPPL',
        operator: 'within-distance',
        value: 0.1,
        allowInfinite: false,
      },
    ],
    treatment: [
      { severity: 'CRITICAL', days: 7 },
      { severity: 'HIGH', days: 14 },
    ],
  },
  approvals: null,
};

/** The present of the sample account; ISO 8601 UTC. */
export const samplePresent = sampleWorld().until;
