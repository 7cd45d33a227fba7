// SPDX-License-Identifier: Apache-2.0
import { deployedCollector } from '../src/runtime/aws/deployed-collector.ts';
import { createClarify } from '../src/sources/sagemaker-clarify.ts';

/** Reads sagemaker-clarify: planned runs and events. */
export const handler = deployedCollector(createClarify);
