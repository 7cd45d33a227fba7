// SPDX-License-Identifier: Apache-2.0
import { type Item, itemOf } from './dynamodb-item.ts';
import { type IndexKeys, keyPart, scopeOf, shardOf, timeText } from './dynamodb-keys.ts';
import type { Projection } from './project-segment.ts';

/** A list of records that share something. */
export interface Facet {
  readonly name: string;
  /** Partitions it is spread over, by id: one takes 1,000 units of writing a second. */
  readonly shards: number;
  /** Where it is named, so that it is found by its first parts; null where it is asked for by its whole name only. */
  readonly family: string | null;
}

/** Families of facets that are searched by their first parts. */
export const facetFamilies = { source: 'source', claim: 'claim', gap: 'gap', run: (run: string) => `run/${keyPart(run)}` } as const;

const shardsOf: Readonly<Record<string, number>> = { source: 4, claim: 2, ai: 2 };

/** Records of a source and kind: every record. */
export function sourceFacet(parts: readonly string[]): Facet {
  return { ...facetNamed(joined(['source', ...parts])), family: facetFamilies.source };
}

/** Records of a run and kind: every record. One run is written by one collector at a time. */
export function runFacet(run: string, kind: string): Facet {
  return { ...facetNamed(joined(['run', run, kind])), family: facetFamilies.run(run) };
}

/** Records whose counted claims have this one: parts are control, strength, polarity and source. */
export function claimFacet(parts: readonly string[]): Facet {
  return { ...facetNamed(joined(['claim', ...parts])), family: facetFamilies.claim };
}

/** Records of an AI system that claim something. */
export function aiSystemFacet(name: string): Facet {
  return facetNamed(joined(['ai', name]));
}

/** Records of a resource that claim something. */
export function resourceFacet(arn: string): Facet {
  return facetNamed(joined(['resource', arn]));
}

/** The facet of a name that a family held. */
export function facetNamed(name: string): Facet {
  return { name, shards: shardsOf[name.slice(0, name.indexOf('/'))] ?? 1, family: null };
}

function joined(parts: readonly string[]): string {
  return parts.map(keyPart).join('/');
}

/** Every facet that the record is listed under. One that claims nothing is listed by source and run only. */
function facetsOf({ entry, counted }: Projection): readonly Facet[] {
  const facets = [sourceFacet([entry.source, entry.kind]), runFacet(entry.run, entry.kind)];
  if (counted.length === 0) return facets;
  for (const { control, strength, polarity } of counted) facets.push(claimFacet([control, strength, polarity, entry.source]));
  for (const name of entry.aiSystems) facets.push(aiSystemFacet(name));
  for (const { arn } of entry.resources) facets.push(resourceFacet(arn));
  return facets;
}

/** Where a record stands in its lists: newest last, of one instant by id. */
export function positionText({ at, entry }: Pick<Projection, 'at' | 'entry'>): string {
  return `${timeText(at)}/${entry.id}`;
}

/** Lines of the lists that the record stands in. They may stand there before the record, and after a better copy took its place: readers look. */
export function listItems(keys: IndexKeys, projection: Projection): readonly Item[] {
  const sk = positionText(projection);
  return facetsOf(projection).map(({ name, shards }) => itemOf({ pk: keys.list(name, shardOf(projection.entry.id, shards)), sk }));
}

/** Names of the facets in the families that are searched. Few, and the same again and again. */
export function facetItems(keys: IndexKeys, projection: Projection): readonly Item[] {
  const items: Item[] = [];
  for (const { name, family } of facetsOf(projection)) {
    if (family !== null) items.push(itemOf({ pk: keys.facets(family), sk: name }));
  }
  const { entry, note } = projection;
  if (note?.about === 'gap') items.push(itemOf({ pk: keys.facets(facetFamilies.gap), sk: gapSubject(scopeOf(entry), note.what) }));
  return items;
}

/** What a gap is about: its scope and the thing that could not be seen. */
export function gapSubject(scope: string, what: string): string {
  return `${scope}/${keyPart(what)}`;
}
