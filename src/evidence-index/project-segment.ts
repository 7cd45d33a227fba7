// SPDX-License-Identifier: Apache-2.0
import { type Claim, polarities, strengths } from '../evidence/claim.ts';
import type { RecordForIndex } from '../evidence/record.ts';
import type { IndexEntry, ProjectedSegment } from './evidence-index.ts';
import { type OwnNote, ownNote } from './own-note.ts';

/** What every index adapter stores of one record, and what it counts. */
export interface Projection {
  readonly entry: IndexEntry;
  /** `occurredAt`, else `collectedAt`; milliseconds since 1970. */
  readonly at: number;
  /** `collectedAt`; milliseconds since 1970. */
  readonly collected: number;
  /** The claims that count: per control the strongest one. */
  readonly counted: readonly Claim[];
  /** True where a newer record of the same finding key takes its place in the coverage. */
  readonly isLasting: boolean;
  /** True where an AI system or an AI resource was seen. */
  readonly touchesAi: boolean;
  /** JSON text of the facts, kept for `series`; null where the record has no finding key. */
  readonly facts: string | null;
  /** What a gap, plan or receipt says; null for observations. */
  readonly note: OwnNote | null;
}

/** Tells an AI resource, whoever it belongs to, by ARN or type. */
export type IsAiResource = (resource: { readonly arn: string; readonly type: string }) => boolean;

/** Polarities in the order in which one is chosen where several claims of equal strength meet: what needs a person first. */
const polarityOrder = ['exception', 'review', 'gap', 'supports', 'occurrence', 'context'] as const satisfies (typeof polarities)[number][];
const rank = new Map<string, number>();
for (const [s, strength] of strengths.entries()) {
  for (const [p, polarity] of polarityOrder.entries()) rank.set(strength + polarity, s * polarities.length + p);
}
const rankOf = (claim: Claim) => rank.get(claim.strength + claim.polarity) ?? rank.size;

/**
 * The one way from a segment to the index. Pure: the same records give the same projections, live, replayed or rebuilt.
 * A record id that stands twice in the segment gives one projection.
 */
export function projectSegment(segment: ProjectedSegment, isAiResource: IsAiResource): readonly Projection[] {
  const chosen = new Map<string, Projection>();
  let line = 0;
  for (const record of segment.records) {
    const projection = projectRecord(record, { segment: segment.key, line: line++ }, isAiResource);
    const other = chosen.get(record.core.id);
    if (other === undefined || isPreferred(projection, other)) chosen.set(record.core.id, projection);
  }
  return [...chosen.values()];
}

function projectRecord(record: RecordForIndex, place: { segment: string; line: number }, isAiResource: IsAiResource): Projection {
  const { core, subjects, raw } = record;
  const entry: IndexEntry = {
    id: core.id,
    kind: core.kind,
    source: core.source,
    account: core.account,
    region: core.region,
    occurredAt: core.occurredAt,
    collectedAt: core.collectedAt,
    severity: core.severity,
    title: subjects.title,
    aiSystems: subjects.aiSystems,
    resources: subjects.resources,
    controls: core.controls,
    run: core.run,
    findingKey: subjects.findingKey,
    segment: place.segment,
    line: place.line,
  };
  const touchesAi = subjects.aiSystems.length > 0 || subjects.resources.some(isAiResource);
  const facts = subjects.findingKey === null ? null : JSON.stringify(raw.facts);
  return projectEntry(entry, { touchesAi, facts, note: ownNote(core.kind, raw.detail) });
}

/** Makes a projection of a stored entry again, so that an adapter can take back what it once counted. */
export function projectEntry(entry: IndexEntry, kept: Pick<Projection, 'touchesAi' | 'facts' | 'note'>): Projection {
  const collected = instantOf(entry.collectedAt) ?? 0;
  return {
    entry,
    at: (entry.occurredAt === null ? null : instantOf(entry.occurredAt)) ?? collected,
    collected,
    counted: countedClaims(entry.controls),
    isLasting: entry.findingKey !== null && entry.kind !== 'activity',
    ...kept,
  };
}

/** Of two copies of one id, the one with the smaller (`collectedAt`, segment key, line) is the entry. */
export function isPreferred(one: Projection, other: Projection): boolean {
  if (one.collected !== other.collected) return one.collected < other.collected;
  if (one.entry.segment !== other.entry.segment) return one.entry.segment < other.entry.segment;
  return one.entry.line < other.entry.line;
}

/** Per control the strongest claim: direct, partial, context; then exception, review, gap, supports, occurrence, context. */
export function countedClaims(claims: readonly Claim[]): readonly Claim[] {
  if (claims.length < 2) return claims;
  const strongest = new Map<string, Claim>();
  for (const claim of claims) {
    const other = strongest.get(claim.control);
    if (other === undefined || rankOf(claim) < rankOf(other)) strongest.set(claim.control, claim);
  }
  return [...strongest.values()];
}

/** Milliseconds since 1970 of an ISO 8601 time; null where it is none. Digits beyond milliseconds are dropped. */
export function instantOf(time: string): number | null {
  const instant = Date.parse(time);
  return Number.isNaN(instant) ? null : instant;
}
