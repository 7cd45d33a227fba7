// SPDX-License-Identifier: Apache-2.0
import { deployedCollector } from '../src/runtime/aws/deployed-collector.ts';
import { createModelMonitor } from '../src/sources/sagemaker-model-monitor.ts';

/** Reads sagemaker-model-monitor: planned runs and events. */
export const handler = deployedCollector(createModelMonitor);
