// SPDX-License-Identifier: Apache-2.0
import type { Claim } from './claim.ts';
import type { Json } from './json.ts';
import type { Channel, Facts, ObservationKind, RecordSourceId, VersionKey } from './observation.ts';

/** Schema id of the record format; every record carries it. */
export const recordSchemaId = 'aims-evidence/record/1';

/** What a record holds: an observation's kind, or one of our own. */
export type RecordKind = ObservationKind | 'gap' | 'plan' | 'receipt';

/** What identifies a record and what it claims. Never withheld. */
export interface RecordCore {
  /** 64 hex digits. */
  readonly id: string;
  readonly kind: RecordKind;
  readonly source: RecordSourceId;
  /** What the source itself calls this thing: with `versionKey` the id can be computed again from this compartment alone. */
  readonly sourceIdentity: string;
  /** Declared version fields, or `content` where the id is blinded by the home secret. */
  readonly versionKey: VersionKey;
  /** How the answer reached us; null for our own records. */
  readonly channel: Channel | null;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** ISO 8601 UTC; null where AWS does not say. */
  readonly occurredAt: string | null;
  readonly observedAt: string | null;
  readonly collectedAt: string;
  readonly severity: string | null;
  readonly controls: readonly Claim[];
  readonly pack: { readonly id: string; readonly digest: string };
  readonly run: string;
  readonly collector: string;
  /** ARN we read as; null for files. */
  readonly readAs: string | null;
  readonly salt: string;
}

/** Who and what the record is about. May be withheld from a bundle. */
export interface RecordSubjects {
  readonly aiSystems: readonly string[];
  readonly resources: readonly { readonly arn: string; readonly type: string }[];
  readonly findingKey: string | null;
  readonly title: string;
  readonly salt: string;
}

/** The answer as read, and the facts drawn from it. May be withheld from a bundle. */
export interface RecordRaw {
  /** The answer: JSON where nothing is lost by it (`form` json), else its original text as a string (`form` text). */
  readonly detail: Json;
  readonly form: 'json' | 'text' | 'encrypted';
  readonly facts: Facts;
  /** Where a secret was taken out, by which redaction rule. */
  readonly redactions: readonly { readonly path: string; readonly rule: string }[];
  readonly salt: string;
}

/** The unit of evidence, immutable: three compartments, each with a salt of its own (32 hex digits), so that its hash tells nothing of it. */
export interface EvidenceRecord {
  readonly schema: typeof recordSchemaId;
  readonly core: RecordCore;
  readonly subjects: RecordSubjects;
  readonly raw: RecordRaw;
}

/** What the index needs of a record; `detail` of our own records only, `facts` where there is a finding key. */
export interface RecordForIndex {
  readonly core: Pick<
    RecordCore,
    'id' | 'kind' | 'source' | 'account' | 'region' | 'occurredAt' | 'collectedAt' | 'severity' | 'controls' | 'run'
  >;
  readonly subjects: Omit<RecordSubjects, 'salt'>;
  readonly raw: Pick<RecordRaw, 'detail' | 'facts'>;
}
