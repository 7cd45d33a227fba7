// SPDX-License-Identifier: Apache-2.0
import type { CallName } from './call-name.ts';
import { dataCalls } from './call-names-data.ts';
import { operationCalls } from './call-names-operations.ts';

/** What calls name, by CloudTrail event source. What a call makes stands first: the tags of a request are its own. */
export const callNames: Readonly<Record<string, readonly CallName[]>> = { ...dataCalls, ...operationCalls };
