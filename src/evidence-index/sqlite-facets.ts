// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Claim } from '../evidence/claim.ts';
import { countedClaims, type Projection } from './project-segment.ts';
import { keyOf } from './sqlite-identities.ts';
import { families, type SqliteNames } from './sqlite-names.ts';

/** Resources there are too many to number: the facet of one is drawn from its hash, negative, and what it finds is compared in full. */
export function resourceFacet(arn: string): number {
  return -1 - keyOf(hash('sha256', arn));
}

/** What series are held under: the first 128 bits of the finding key's SHA-256, in hex. */
export function findingOf(findingKey: string): string {
  return hash('sha256', findingKey).slice(0, 32);
}

/** Facets of the claims that count, of a source by its number. */
export function claimFacets(names: SqliteNames, claims: readonly Claim[], source: number): readonly number[] {
  if (claims.length === 0) return [];
  return countedClaims(claims).map(({ control, strength, polarity }) =>
    names.facet(families.claim, names.numbered(control), names.numbered(strength), names.numbered(polarity), source),
  );
}

/** Every facet that the record is listed under, each once. A record that claims nothing is listed by source and run only. */
export function listedFacets(names: SqliteNames, projection: Projection, claims: readonly number[]): readonly number[] {
  const { entry, note } = projection;
  const kind = names.numbered(entry.kind);
  const source = names.numbered(entry.source);
  const listed = [names.facet(families.source, source, kind), names.facet(families.run, names.numbered(entry.run), kind)];
  if (note?.about === 'gap') {
    const [account, region] = [names.numbered(entry.account), names.numbered(entry.region)];
    listed.push(names.facet(families.gap, source, account, region, names.numbered(note.what)));
  }
  if (claims.length === 0) return listed;
  listed.push(...claims);
  for (const name of entry.aiSystems) listed.push(names.facet(families.aiSystem, names.numbered(name)));
  for (const { arn } of entry.resources) listed.push(resourceFacet(arn));
  return entry.aiSystems.length + entry.resources.length < 2 ? listed : [...new Set(listed)];
}
