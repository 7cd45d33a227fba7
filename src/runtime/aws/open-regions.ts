// SPDX-License-Identifier: Apache-2.0
import type { AccountAccess } from './account-access.ts';
import { regionGap } from './region-status.ts';

/** A Region that took our credentials is not asked again so soon: one invocation may read a hundred objects of it. */
const trustedMs = 15 * 60_000;

/**
 * As `access`; where an account has not switched a Region on, or the Region does not answer, the gap that says so stands for all of it. Else
 * every call of a source would be refused there, as if a right were missing. The home's own Region is not asked: the function runs in it.
 */
export function inOpenRegions(access: AccountAccess, now: () => number = Date.now): AccountAccess {
  const open = new Map<string, number>();
  return async (target, home) => {
    const connected = await access(target, home);
    if ('gap' in connected || (target.account === home.account && target.region === home.region)) return connected;
    const key = `${target.account}/${target.region}`;
    if (now() - (open.get(key) ?? Number.NEGATIVE_INFINITY) < trustedMs) return connected;
    // Two attempts: where nobody answers, six with their pauses would take the time of other runs.
    const gap = await regionGap({ ...connected.connection.clientConfig, maxAttempts: 2 }, target);
    if (gap?.reason === 'off' || gap?.reason === 'unavailable') return { gap };
    if (gap === null) open.set(key, now());
    return connected;
  };
}
