// SPDX-License-Identifier: Apache-2.0
import type { ApprovalsFile } from '../../evidence/scope-file.ts';

/** Whether a person approved exactly these bytes. */
export function isApproved(sha256: string, approvals: ApprovalsFile | null): boolean {
  return approvals?.approvals.some((approval) => approval.sha256 === sha256) ?? false;
}
