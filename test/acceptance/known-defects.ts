// SPDX-License-Identifier: Apache-2.0
import type { BranchFields } from '../../src/mapping/read-branches.ts';

/**
 * Leaves where event-ruler 1.8.1 contradicts what it documents, because alternatives of one leaf share states of its byte machine.
 * We keep the documented meaning there, so they are left out of the comparison and counted:
 * - a wildcard before an equals-ignore-case: ["*b" as wildcard, "A" ignoring case] matches "xA";
 * - a wildcard and a suffix: ["*大" as wildcard, suffix "ΰ"] matches "Ϋ́", and plain letters meet it too;
 * - an exact string before a numeric range over zero, and other strings after: ["x", < 5, "y"] does not match "x".
 */
export function hitsKnownDefect(branches: readonly BranchFields[]): boolean {
  // Branches of $or share the machine of their first field.
  const byName = new Map<string, string[]>();
  for (const branch of branches) {
    for (const [name, operators] of branch) {
      const identities = byName.get(name) ?? [];
      byName.set(name, identities);
      for (const operator of operators) identities.push(operator.identity);
    }
  }
  return [...byName.values()].some((identities) => mixesWildcard(identities) || losesString(identities));
}

function mixesWildcard(identities: readonly string[]): boolean {
  const hasSuffix = identities.some((identity) => /^(anything-but )?suffix/.test(identity));
  const wildcard = identities.findIndex((identity) => /^(anything-but )?wildcard .*\*/.test(identity));
  return wildcard >= 0 && (hasSuffix || identities.slice(wildcard + 1).some((identity) => identity.includes('equals-ignore-case')));
}

function losesString(identities: readonly string[]): boolean {
  const range = identities.findIndex(coversZero);
  return range >= 0 && identities.slice(0, range).some((identity) => identity.startsWith('"'));
}

function coversZero(identity: string): boolean {
  const [, bottom, top] = /^numeric >=? (\S+) <=? (\S+)$/.exec(identity) ?? [];
  return bottom !== undefined && top !== undefined && Number(bottom) < 0 && Number(top) >= 0;
}
