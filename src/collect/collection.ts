// SPDX-License-Identifier: Apache-2.0
import type { HomeSecret } from '../evidence/identity.ts';
import type { RecordSourceId } from '../evidence/observation.ts';
import type { SealContext } from '../evidence/seal-record.ts';
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import { HeldItems, type Spill } from './held-items.ts';
import type { ItemPipeline } from './item-pipeline.ts';
import { type RecordStores, RecordWriter } from './record-writer.ts';
import { runHistory } from './run-history.ts';
import { type RunReport, type RunTools, SourceRun, type SourceScope } from './source-run.ts';

/** What a collection needs of its home and its time. */
export interface CollectionSetting {
  readonly pipeline: ItemPipeline;
  readonly index: EvidenceIndex;
  readonly stores: RecordStores;
  readonly secret: HomeSecret;
  readonly pack: { readonly id: string; readonly digest: string };
  /** Name and version of this program. */
  readonly collector: string;
  /** ISO 8601 UTC: the present of what is read; the sample account has its own. */
  readonly sweptAt: string;
  readonly now: () => Date;
  readonly newRunId: (source: RecordSourceId) => string;
  readonly openSpill: () => Promise<Spill>;
  /** Accounts that hold AI systems as far as the scope file and the index know. */
  readonly accountsWithAi: Set<string>;
  readonly progress: (event: ProgressEvent) => void;
}

/** What a person may want to know while a collection runs. */
export type ProgressEvent =
  | { readonly step: 'run'; readonly source: string; readonly account: string; readonly region: string }
  | { readonly step: 'read'; readonly source: string; readonly items: number }
  | { readonly step: 'file'; readonly path: string };

/** One invocation: a writer per source, and the runs over it. */
export class Collection {
  readonly setting: CollectionSetting;
  readonly #writers = new Map<RecordSourceId, RecordWriter>();

  constructor(setting: CollectionSetting) {
    this.setting = setting;
  }

  writer(source: RecordSourceId): RecordWriter {
    let writer = this.#writers.get(source);
    if (writer === undefined) {
      writer = new RecordWriter(source, this.setting.stores);
      this.#writers.set(source, writer);
    }
    return writer;
  }

  /** A run over a scope, with the context its records are sealed in. `own` is what it has beside what all runs share. */
  run(scope: SourceScope, readAs: string | null, own: Partial<Pick<RunTools, 'handedOn' | 'sweptAt'>> = {}): SourceRun {
    const { pipeline, index, openSpill, accountsWithAi, sweptAt, now } = this.setting;
    return new SourceRun(scope, {
      pipeline,
      writer: this.writer(scope.source),
      history: runHistory(index, { [Symbol.iterator]: () => this.#writers.values() }),
      held: new HeldItems(openSpill),
      accountsWithAi,
      seal: this.sealContext(scope.run, readAs),
      sweptAt,
      now,
      ...own,
    });
  }

  sealContext(run: string, readAs: string | null): SealContext {
    const { secret, pack, collector, now } = this.setting;
    return { secret, pack: { id: pack.id, digest: pack.digest }, run, collector, readAs, collectedAt: now().toISOString() };
  }

  /** Resolves when all that was taken is durable and indexed. */
  async flush(): Promise<void> {
    for (const writer of this.#writers.values()) await writer.flush();
  }
}

/** What a collection reports: its runs, and what was met but not recognised. */
export interface CollectionReport {
  readonly runs: readonly RunReport[];
  readonly unrecognised: readonly { readonly path: string; readonly reason: string }[];
  /** Scope gaps that every run has, each of a file that told no source. Absent where no files are read. */
  readonly unreadByAll?: number;
}
