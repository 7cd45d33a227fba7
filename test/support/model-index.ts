// SPDX-License-Identifier: Apache-2.0
import { type Claim, polarities, strengths } from '../../src/evidence/claim.ts';
import type { RecordForIndex } from '../../src/evidence/record.ts';
import type { ProjectedSegment } from '../../src/evidence-index/evidence-index.ts';

interface Held {
  readonly record: RecordForIndex;
  readonly segment: string;
  readonly line: number;
}

const order = ['exception', 'review', 'gap', 'supports', 'occurrence', 'context'];
const time = (record: RecordForIndex) => Date.parse(record.core.occurredAt ?? record.core.collectedAt);
const descending = (one: string, other: string) => (one === other ? 0 : one < other ? 1 : -1);

/** The evidence index as its promises read, with no thought of speed: everything is worked out anew from all segments. */
export class ModelIndex {
  readonly #segments = new Map<string, ProjectedSegment>();

  apply(segment: ProjectedSegment): void {
    this.#segments.set(segment.key, segment);
  }

  /** Ids, newest first, of the records that pass. */
  ids(passes: (record: RecordForIndex) => boolean): string[] {
    return this.#entries()
      .filter(({ record }) => passes(record))
      .sort((one, other) => time(other.record) - time(one.record) || descending(one.record.core.id, other.record.core.id))
      .map(({ record }) => record.core.id);
  }

  /** Where each id lies. */
  places(): Map<string, string> {
    return new Map(this.#entries().map(({ record, segment, line }) => [record.core.id, `${segment}#${line}`]));
  }

  /** Lines `control strength polarity observations findings newest`, sorted. */
  counts(): string[] {
    const entries = this.#entries();
    const lines = new Map<string, { observations: number; findings: number; newest: number }>();
    for (const { record } of entries) {
      for (const claim of counted(record)) {
        const name = `${claim.control} ${claim.strength} ${claim.polarity}`;
        const line = lines.get(name) ?? { observations: 0, findings: 0, newest: Number.NEGATIVE_INFINITY };
        line.observations++;
        if (stands(record, entries)) line.findings++;
        line.newest = Math.max(line.newest, time(record));
        lines.set(name, line);
      }
    }
    return [...lines].map(([name, { observations, findings, newest }]) => `${name} ${observations} ${findings} ${newest}`).sort();
  }

  /** Lines `day control strength polarity observations findings`, sorted. */
  days(): string[] {
    const entries = this.#entries();
    const lines = new Map<string, [number, number]>();
    for (const { record } of entries) {
      for (const { control, strength, polarity } of counted(record)) {
        const name = `${new Date(time(record)).toISOString().slice(0, 10)} ${control} ${strength} ${polarity}`;
        const [observations, findings] = lines.get(name) ?? [0, 0];
        lines.set(name, [observations + 1, findings + (stands(record, entries) ? 1 : 0)]);
      }
    }
    return [...lines].map(([name, numbers]) => `${name} ${numbers.join(' ')}`).sort();
  }

  #entries(): Held[] {
    const best = new Map<string, Held>();
    for (const { key, records } of this.#segments.values()) {
      for (const [line, record] of [...records].entries()) {
        const held = { record, segment: key, line };
        const other = best.get(record.core.id);
        if (other === undefined || comesFirst(held, other)) best.set(record.core.id, held);
      }
    }
    return [...best.values()];
  }
}

function comesFirst(one: Held, other: Held): boolean {
  const [a, b] = [Date.parse(one.record.core.collectedAt), Date.parse(other.record.core.collectedAt)];
  if (a !== b) return a < b;
  return one.segment === other.segment ? one.line < other.line : one.segment < other.segment;
}

/** The strongest claim per control. */
export function counted(record: RecordForIndex): Claim[] {
  const weight = (claim: Claim) => strengths.indexOf(claim.strength) * polarities.length + order.indexOf(claim.polarity);
  const controls = new Set(record.core.controls.map((claim) => claim.control));
  return [...controls].flatMap((control) =>
    record.core.controls
      .filter((claim) => claim.control === control)
      .sort((one, other) => weight(one) - weight(other))
      .slice(0, 1),
  );
}

/** Whether a record is a one-off, or the newest state of its finding. */
function stands(record: RecordForIndex, entries: readonly Held[]): boolean {
  const key = record.subjects.findingKey;
  if (key === null || record.core.kind === 'activity') return true;
  const states = entries.map((held) => held.record).filter((one) => one.subjects.findingKey === key && one.core.kind !== 'activity');
  states.sort(
    (one, other) =>
      time(other) - time(one) ||
      Date.parse(other.core.collectedAt) - Date.parse(one.core.collectedAt) ||
      descending(one.core.id, other.core.id),
  );
  return states[0] === record;
}
