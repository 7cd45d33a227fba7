// SPDX-License-Identifier: Apache-2.0
/** Starts this program again in the same process with settings for flat memory, where that is possible and not done already. */
export function withSmallMemory(): void;
