// SPDX-License-Identifier: Apache-2.0
import { deployedCollector } from '../src/runtime/aws/deployed-collector.ts';
import { createSecurityHub } from '../src/sources/securityhub.ts';

/** Reads securityhub: planned runs and events. */
export const handler = deployedCollector(createSecurityHub);
