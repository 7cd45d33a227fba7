// SPDX-License-Identifier: Apache-2.0
import type { Configuration } from '../src/runtime/deployment/configuration-schema.ts';

/** Whether a home reads accounts beside its own, or may: each of them then needs the member stack. */
export function readsOtherAccounts({ accounts }: Pick<Configuration, 'accounts'>): boolean {
  return !Array.isArray(accounts) || accounts.length > 0;
}
