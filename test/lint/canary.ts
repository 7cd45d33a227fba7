// SPDX-License-Identifier: Apache-2.0
// Holds one mistake of each kind that the linter must catch; `test/lint/canary.test.ts` fails when it no longer does.
async function slow(): Promise<number> {
  return 1;
}
export function forgets(): void {
  slow();
}
export function misuses(): string {
  return slow() ? 'always' : 'never';
}
