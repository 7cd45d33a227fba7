// SPDX-License-Identifier: Apache-2.0
import { clientConfig, deployedHome, deployedRecording, deployedTelemetry } from './deployed.ts';
import type { FunctionHandler } from './function-chain.ts';
import { lazily } from './lazily.ts';
import { organizationAccounts } from './organization-accounts.ts';
import { type SelfAuditAnswer, selfAuditHandler } from './self-audit-handler.ts';

/** `self-audit` as deployed: opens its home when it is called first. */
export function deployedSelfAudit(): FunctionHandler<SelfAuditAnswer> {
  const open = lazily(async () => ({
    ...(await deployedRecording(deployedHome())),
    listAccounts: (asked: Parameters<typeof organizationAccounts>[1]) => organizationAccounts(clientConfig, asked),
  }));
  return selfAuditHandler(deployedTelemetry, open);
}
