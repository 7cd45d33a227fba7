// SPDX-License-Identifier: Apache-2.0
import { deployedProject } from '../src/runtime/aws/deployed-project.ts';

/** Takes each new segment of the vault into the index. */
export const handler = deployedProject();
