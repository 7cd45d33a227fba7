// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { SampleAccount, SampleWorld } from './world.ts';

/** An access key pair of one sample account. */
export interface SampleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/**
 * Made-up keys of an account, the same on every run. They end like the keys of AWS's documentation,
 * which secret scanners know to be no secrets.
 */
export function sampleCredentials(accountId: string): SampleCredentials {
  const digits = hash('sha256', `aims-evidence sample account ${accountId}`);
  return {
    accessKeyId: `AKIA${digits.slice(0, 9).toUpperCase()}EXAMPLE`,
    secretAccessKey: `${digits.slice(9, 39)}EXAMPLEKEY`,
  };
}

/** The account whose key signed, `undefined` for a key that the sample organisation does not have. */
export function accountOfKey(world: SampleWorld, accessKeyId: string): SampleAccount | undefined {
  return world.accounts.find((account) => sampleCredentials(account.id).accessKeyId === accessKeyId);
}
