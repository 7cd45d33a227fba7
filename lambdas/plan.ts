// SPDX-License-Identifier: Apache-2.0
import { deployedPlan } from '../src/runtime/aws/deployed-plan.ts';

/** Plans the runs of a source when its schedule fires. */
export const handler = deployedPlan();
