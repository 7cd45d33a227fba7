// SPDX-License-Identifier: Apache-2.0
import type { RecordForIndex } from '../evidence/record.ts';

type Core = RecordForIndex['core'];
type Subjects = RecordForIndex['subjects'];

/** What many records of a batch say alike. */
type Shared = Omit<Core, 'id' | 'occurredAt'> & Pick<Subjects, 'aiSystems'>;

/**
 * What the index needs of the records of a batch, by column: lists of texts cost little to hand to another thread, and nothing within one.
 * Facts stand only where a finding key makes the index keep them.
 */
export interface IndexViews {
  readonly shared: Shared[];
  /** By record: place of its shared part. */
  readonly sharedAt: number[];
  readonly occurredAt: Core['occurredAt'][];
  readonly titles: string[];
  readonly findingKeys: (string | null)[];
  readonly facts: (RecordForIndex['raw']['facts'] | null)[];
  /** ARN and type of each resource, all in one list; and by record where its resources end in it. */
  readonly resources: string[];
  readonly resourceEnds: number[];
}

/** Gathers what the index needs of sealed observations while they are in hand: reading it out of their lines again costs four times as much. */
export class IndexViewPacker {
  readonly views: IndexViews = {
    shared: [],
    sharedAt: [],
    occurredAt: [],
    titles: [],
    findingKeys: [],
    facts: [],
    resources: [],
    resourceEnds: [],
  };

  add({ core, subjects, raw }: RecordForIndex): void {
    const { views } = this;
    views.sharedAt.push(this.#sharedOf(core, subjects.aiSystems));
    views.occurredAt.push(core.occurredAt);
    views.titles.push(subjects.title);
    views.findingKeys.push(subjects.findingKey);
    views.facts.push(subjects.findingKey === null ? null : raw.facts);
    for (const { arn, type } of subjects.resources) views.resources.push(arn, type);
    views.resourceEnds.push(views.resources.length);
  }

  #sharedOf(core: Core, aiSystems: Subjects['aiSystems']): number {
    const { shared } = this.views;
    for (let at = shared.length - 1; at >= 0; at--) {
      const known = shared[at];
      if (known !== undefined && isAlike(known, core, aiSystems)) return at;
    }
    const { id: _, occurredAt: __, ...alike } = core;
    return shared.push({ ...alike, aiSystems }) - 1;
  }
}

// The mapper gives the same list for the same claims, so that lists need not be walked.
function isAlike(known: Shared, core: Core, aiSystems: Shared['aiSystems']): boolean {
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

/** The records with these ids, out of what `IndexViewPacker` gathered of them. */
export function unpackIndexViews(views: IndexViews, ids: readonly string[]): RecordForIndex[] {
  let resource = 0;
  return ids.map((id, place) => {
    const like = views.shared[views.sharedAt[place] ?? -1];
    if (like === undefined) throw new RangeError(`nothing is known of record ${place}`);
    const { kind, source, account, region, collectedAt, severity, controls, run, aiSystems } = like;
    const resources: { arn: string; type: string }[] = [];
    for (const end = views.resourceEnds[place] ?? 0; resource < end; resource += 2)
      resources.push({ arn: views.resources[resource] ?? '', type: views.resources[resource + 1] ?? '' });
    const [occurredAt = null, findingKey = null] = [views.occurredAt[place], views.findingKeys[place]];
    return {
      core: { id, kind, source, account, region, occurredAt, collectedAt, severity, controls, run },
      subjects: { aiSystems, resources, findingKey, title: views.titles[place] ?? '' },
      raw: { detail: null, facts: views.facts[place] ?? {} },
    };
  });
}

/** The record at a place of a batch, as the index will need it. Batches are told apart by their list of ids. */
export interface WaitingView {
  readonly ids: readonly string[];
  readonly place: number;
  readonly unpack: () => readonly RecordForIndex[];
}

/** What the index needs of the records that wait for a segment, in its order; kept as they came, since an object for each would outlive many collections of garbage. */
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
