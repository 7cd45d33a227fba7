// SPDX-License-Identifier: Apache-2.0
/** What the canary must not import. */
export const target = 1;
