// SPDX-License-Identifier: Apache-2.0
import { deployedCollector } from '../src/runtime/aws/deployed-collector.ts';
import { createCloudTrail } from '../src/sources/cloudtrail.ts';

/** Reads cloudtrail: planned runs and events. */
export const handler = deployedCollector(createCloudTrail);
