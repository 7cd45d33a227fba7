// SPDX-License-Identifier: Apache-2.0
import { deployedHome, deployedTelemetry, systemNow } from './deployed.ts';
import type { FunctionHandler } from './function-chain.ts';
import { lazily } from './lazily.ts';
import { projectHandler } from './project-handler.ts';
import type { BatchAnswer } from './queue-event.ts';

/** `project` as deployed: opens its home when it is called first. */
export function deployedProject(): FunctionHandler<BatchAnswer> {
  const open = lazily(async () => {
    const home = deployedHome();
    return { vault: home.vault, index: await home.index(), telemetry: deployedTelemetry(), now: systemNow };
  });
  return projectHandler(deployedTelemetry, open);
}
