// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../evidence/json.ts';
import type { Facts, Interpretation, Observation, RawItem, Reading, SourceId } from '../evidence/observation.ts';
import type { Declarations } from '../evidence/scope-file.ts';

/** Half-open span of time [since, until), ISO 8601 UTC. */
export interface TimeWindow {
  readonly since: string;
  readonly until: string;
}

/** One account and region to read, and what the configuration says about them. */
export interface Scope {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly window: TimeWindow;
  /** The run's time, ISO 8601 UTC: ages and silences are measured from it. */
  readonly sweptAt: string;
  /** S3 prefixes (`s3://bucket/prefix`) where reports lie that no AWS call names, and that this scope reads: of all scopes, one for each. */
  readonly reportLocations: readonly string[];
  /** Every place in S3 that may be read at all, by this scope or another. Absent where nothing limits that but the rights of whoever reads. */
  readonly namedPlaces?: readonly string[];
  /** S3 locations of CloudTrail log files (`s3://bucket/prefix`, with or without `AWSLogs/`), read instead of LookupEvents where the scope's logs lie there. */
  readonly trailLocations?: readonly string[];
  /** Regions of the same account that the same plan reads, so that findings of a linked Region are read once: with those of its home Region. */
  readonly plannedRegions?: readonly string[];
  /**
   * A mark that this source yielded in an earlier part of the same collection: reading goes on after it. Absent, null or unreadable: from the
   * beginning. What was read before may come again; nothing is left out. Marks of a reading that goes on are all further than this one.
   */
  readonly resumeAfter?: string | null;
}

/** How a source gets its clients. `endpoint` is set only when the sample account is read. */
export interface Connection {
  readonly region: string;
  /** Passed to each SDK client's constructor as it is: region, credentials, endpoint, retry settings. */
  readonly clientConfig: Readonly<Record<string, unknown>>;
  /** Which channel the items carry. */
  readonly channel: 'api' | 'sample';
}

/** Earlier observations of the home, newest first, for facts that need more than one answer. */
export interface History {
  /** Entries of one finding key at or before a time (ISO 8601 UTC), newest first. */
  series(findingKey: string, options: { readonly before: string; readonly limit: number }): Promise<readonly SeriesEntry[]>;
}

/** One earlier observation of a finding key. */
export interface SeriesEntry {
  readonly recordId: string;
  readonly source: SourceId;
  readonly occurredAt: string;
  readonly facts: Facts;
}

/** What derivations know beside the observation. */
export interface DerivationContext {
  readonly history: History;
  readonly sweptAt: string;
}

/** What a source is made with: the tables of its facts from the pack, and the dated files that people approved. */
export interface SourceSettings {
  /** Keyed `<source>.<fact>`: the `tables`, `codes`, `odd`, … beside the fact's definition in the rule files. */
  readonly tables: Readonly<Record<string, Json>>;
  readonly declarations: Declarations;
}

/** A named computation of facts that need earlier observations. It never changes `detail`. */
export interface Derivation {
  readonly id: string;
  /** Pure and cheap: whether this observation needs the derivation. */
  concerns(observation: Observation): boolean;
  /**
   * `run-end` derivations see their observations when all items of a run are known, ordered by `occurredAt`;
   * `in-order` ones see each as it comes.
   */
  readonly when: 'in-order' | 'run-end';
  derive(observation: Observation, context: DerivationContext): Promise<Observation>;
}

/** How an object of S3 is read that an event named. */
export interface ObjectReading {
  /** The locations of a scope below which such objects lie; nothing elsewhere is read. */
  readonly below: 'reportLocations' | 'trailLocations';
  /** Account and Region that an object is evidence of, where its address (`s3://bucket/key`) says so; null: those of the event. */
  ownerOf(uri: string): { readonly account: string; readonly region: string } | null;
  /** Reads one object, joined as `Source.read` joins it. */
  read(connection: Connection, scope: Scope, uri: string): AsyncIterable<Reading>;
}

/** One AWS service we read. Declarations are data; `read` pages and catches; `interpret` is pure. */
export interface Source {
  readonly id: SourceId;
  readonly title: string;
  /** IAM actions this source needs; a deployment grants exactly these. */
  readonly actions: readonly string[];
  /** EventBridge Scheduler expression of the incremental run. */
  readonly schedule: string;
  /** Hours that a window reaches back over the one before, days AWS keeps the data, and days between full sweeps. */
  readonly window: { readonly overlapHours: number; readonly retentionDays: number; readonly fullSweepDays: number };
  /** In words for a reader: what makes an item's identity and what tells its versions apart. */
  readonly identity: string;
  readonly versionKey: string;
  /** EventBridge patterns that a deployment subscribes to. */
  readonly eventPatterns: readonly Json[];
  readonly derivations: readonly Derivation[];
  /**
   * Reads one scope. Everything that AWS answered is yielded as items; everything it did not is yielded as gaps.
   * Never throws for an AWS error: a call that fails is a gap and the next call is made.
   */
  read(connection: Connection, scope: Scope): AsyncIterable<Reading>;
  /** Only sources whose evidence lies in S3 have it. */
  readonly objects?: ObjectReading;
  /** Makes observations of one item. Pure. `value` is `item.text` parsed. Throws nothing: what cannot be read is a gap. */
  interpret(item: RawItem, value: Json): readonly Interpretation[];
}
