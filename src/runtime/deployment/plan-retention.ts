// SPDX-License-Identifier: Apache-2.0
import type { Configuration } from './configuration-schema.ts';

/** What cannot be deleted, until when, and by whom it could be. */
export interface Kept {
  /** `NONE`: a `dev` deployment locks nothing. */
  readonly lockMode: 'GOVERNANCE' | 'COMPLIANCE' | 'NONE';
  readonly retentionDays: number;
  /** `YYYY-MM-DD`, UTC: the day of the first object, and the first day on which that object can be deleted. */
  readonly firstWritten: string;
  readonly deletableFrom: string;
  readonly what: string;
  readonly who: string;
}

const everything =
  'every object: segments below vault/, tiles and checkpoints below ledger/; each for its own days from the moment it is written';
const nothing = 'nothing: the dev profile can be destroyed with its evidence, which proves nothing to anyone';
const whoCan = {
  COMPLIANCE: 'nobody, not the root user and not AWS, short of closing the account: a wrong number of days stays until they are over',
  GOVERNANCE:
    'nobody in one step: the bucket policy refuses s3:BypassGovernanceRetention to all, and CloudTrail shows who changes that policy first',
  NONE: 'whoever may delete the stack',
} as const;

/** What a deployment on the day `on` (`YYYY-MM-DD`) keeps undeletable. */
export function keptUntil({ vault, profile }: Configuration, on: string): Kept {
  const isDisposable = profile === 'dev';
  const lockMode = isDisposable ? 'NONE' : vault.lockMode;
  // An object of the day's last second is held for whole days from then: the day after is the first on which all of that day's can go.
  const days = isDisposable ? 0 : vault.retentionDays + 1;
  const deletableFrom = new Date(Date.parse(`${on}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  return {
    lockMode,
    retentionDays: isDisposable ? 0 : vault.retentionDays,
    firstWritten: on,
    deletableFrom,
    what: isDisposable ? nothing : everything,
    who: whoCan[lockMode],
  };
}
