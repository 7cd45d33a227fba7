// SPDX-License-Identifier: Apache-2.0
import type { SourceId } from '../evidence/observation.ts';
import { createCloudTrail } from './cloudtrail.ts';
import { createMacie } from './macie.ts';
import { createClarify } from './sagemaker-clarify.ts';
import { createModelMonitor } from './sagemaker-model-monitor.ts';
import { createSecurityHub } from './securityhub.ts';
import type { Source, SourceSettings } from './source.ts';

// SageMaker stands first: whether an account holds an AI resource decides what its account-wide events and findings claim.
// Macie stands before Security Hub: a copy of its findings there is told by the native one.
const makers: readonly ((settings: SourceSettings) => Source)[] = [
  createModelMonitor,
  createClarify,
  createMacie,
  createSecurityHub,
  createCloudTrail,
];

/** Every source we know, in the order in which they are read. */
export function createSources(settings: SourceSettings): ReadonlyMap<SourceId, Source> {
  return new Map(makers.map((make) => make(settings)).map((source) => [source.id, source]));
}
