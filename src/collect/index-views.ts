// SPDX-License-Identifier: Apache-2.0
import type { RecordForIndex } from '../evidence/record.ts';

type Core = RecordForIndex['core'];
type Subjects = RecordForIndex['subjects'];

/** What many records of a batch say alike. */
type Shared = Omit<Core, 'id' | 'occurredAt'> & Pick<Subjects, 'aiSystems'>;

/** What each says for itself: place of its shared part, then its own. Facts stand only where a finding key makes the index keep them. */
type Own = [number, Core['occurredAt'], string, string | null, Subjects['resources'], RecordForIndex['raw']['facts'] | null];

interface Views {
  readonly shared: Shared[];
  readonly own: Own[];
}

/**
 * Gathers what the index needs of sealed observations while they are still in hand: reading it out of their lines again costs four times as much.
 * One piece of text for a batch, so that handing it to another thread costs little.
 */
export class IndexViewPacker {
  readonly #views: Views = { shared: [], own: [] };

  add({ core, subjects, raw }: RecordForIndex): void {
    const facts = subjects.findingKey === null ? null : raw.facts;
    const shared = this.#sharedOf(core, subjects.aiSystems);
    this.#views.own.push([shared, core.occurredAt, subjects.title, subjects.findingKey, subjects.resources, facts]);
  }

  pack(): string {
    return JSON.stringify(this.#views);
  }

  #sharedOf({ id: _, occurredAt: __, ...core }: Core, aiSystems: Subjects['aiSystems']): number {
    const { shared } = this.#views;
    for (let at = shared.length - 1; at >= 0; at--) {
      const known = shared[at];
      if (known !== undefined && isAlike(known, core, aiSystems)) return at;
    }
    return shared.push({ ...core, aiSystems }) - 1;
  }
}

// The mapper gives the same list for the same claims, so that lists need not be walked.
function isAlike(known: Shared, core: Omit<Shared, 'aiSystems'>, aiSystems: Shared['aiSystems']): boolean {
  return (
    known.controls === core.controls &&
    known.account === core.account &&
    known.region === core.region &&
    known.severity === core.severity &&
    known.kind === core.kind &&
    known.source === core.source &&
    known.run === core.run &&
    known.collectedAt === core.collectedAt &&
    (known.aiSystems === aiSystems || (known.aiSystems.length === 0 && aiSystems.length === 0))
  );
}

/** What `IndexViewPacker` packed, of the records with these ids. */
export function unpackIndexViews(packed: string, ids: readonly string[]): RecordForIndex[] {
  const { shared, own }: Views = JSON.parse(packed);
  return own.map(([at, occurredAt, title, findingKey, resources, facts], place) => {
    const like = shared[at];
    if (like === undefined) throw new RangeError(`no shared part ${at}`);
    const { kind, source, account, region, collectedAt, severity, controls, run, aiSystems } = like;
    return {
      core: { id: ids[place] ?? '', kind, source, account, region, occurredAt, collectedAt, severity, controls, run },
      subjects: { aiSystems, resources, findingKey, title },
      raw: { detail: null, facts: facts ?? {} },
    };
  });
}

/** The record at a place of a batch, as the index will need it. Batches are told apart by their list of ids. */
export interface WaitingView {
  readonly ids: readonly string[];
  readonly place: number;
  readonly unpack: () => readonly RecordForIndex[];
}

/** What the index needs of the records that wait for a segment, in its order; kept packed, since as objects they would outlive many collections of garbage. */
export class WaitingViews implements Iterable<RecordForIndex> {
  readonly #batches: (Omit<WaitingView, 'place'> & { readonly places: number[] })[] = [];

  add({ ids, place, unpack }: WaitingView): void {
    const last = this.#batches.at(-1);
    if (last?.ids === ids) last.places.push(place);
    else this.#batches.push({ ids, unpack, places: [place] });
  }

  *ids(): Generator<string> {
    for (const { ids, places } of this.#batches) for (const place of places) yield ids[place] ?? '';
  }

  *[Symbol.iterator](): Generator<RecordForIndex> {
    for (const { unpack, places } of this.#batches) {
      const records = unpack();
      for (const place of places) {
        const record = records[place];
        if (record !== undefined) yield record;
      }
    }
  }
}
