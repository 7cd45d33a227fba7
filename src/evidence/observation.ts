// SPDX-License-Identifier: Apache-2.0
import type { Gap } from './gap.ts';
import type { Json, JsonObject } from './json.ts';

/** The five core sources. A source is an AWS service we read. */
export const sourceIds = ['cloudtrail', 'securityhub', 'macie', 'sagemaker-model-monitor', 'sagemaker-clarify'] as const;
export type SourceId = (typeof sourceIds)[number];

/** Sources that a record may name: those we read, and ourselves, for plans, receipts and gaps of our own work such as the self-audit. */
export const recordSourceIds = [...sourceIds, 'aims-evidence'] as const;
export type RecordSourceId = (typeof recordSourceIds)[number];

/** What kind of thing an observation is. A rule's `evidence` names one of these and the engine requires it. */
export const observationKinds = ['finding', 'activity', 'execution', 'state', 'metric', 'document'] as const;
export type ObservationKind = (typeof observationKinds)[number];

/** How an item reached us. `requestId` is AWS's; `sha256` is that of the file's bytes as stored; `path` is relative to what the user named. */
export type Channel =
  | { readonly kind: 'api'; readonly requestId: string }
  | { readonly kind: 'event'; readonly eventId: string }
  | { readonly kind: 'file'; readonly sha256: string; readonly path: string }
  | { readonly kind: 'sample'; readonly requestId: string };

/** A thing the observation is about: its ARN, or its name where AWS gives no ARN, and its CloudFormation type name where known. */
export interface Resource {
  readonly arn: string;
  readonly type: string;
  /** Tags as the answer gave them; they decide the AI system and are not stored again. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * One item as it was read, before any interpretation.
 * `text` is the JSON text exactly as it came over the wire or stood in the file: the evidence itself.
 */
export interface RawItem {
  readonly source: SourceId;
  /** Which interpreter of the source reads it: `event`, `asff`, `ocsf`, `finding`, `state`, `execution`, `violations`, … */
  readonly shape: string;
  readonly text: string;
  readonly channel: Channel;
  /** What the reader knows and the item does not say: account, region, operation, the answers it was joined with. */
  readonly context: ItemContext;
}

/** Account and region are those asked; a source's own members stand beside them. `sweptAt` is the run's time, ISO 8601 UTC. */
export interface ItemContext extends JsonObject {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly sweptAt: string;
}

/**
 * What tells versions of one thing apart: declared fields, or its canonical content (then blinded by the home secret),
 * or content and the changed values of facts that can change while the answer does not. `facts` names facts whose values
 * are blinded into the id with the content, such as the hash of the file that this is one part of: equal parts of two files are two things.
 */
export type VersionKey = readonly string[] | 'content' | { readonly contentAnd: readonly string[]; readonly facts?: readonly string[] };

/** What reading a source yields: the answer, its identity, and the facts drawn from it. Patterns read `source`, `kind`, `account`, `region`, `detail`, `facts`. */
export interface Observation {
  readonly source: SourceId;
  readonly kind: ObservationKind;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** What the source itself calls this thing; with `versionKey` it makes the record's id. Holds no personal data. */
  readonly sourceIdentity: string;
  readonly versionKey: VersionKey;
  /** What stays the same over the life of a finding, schedule or setting, so that its newest state can be told; null for one-off events. */
  readonly findingKey: string | null;
  /** When it happened in AWS and when AWS last said so; ISO 8601, UTC. Null where the answer does not say. */
  readonly occurredAt: string | null;
  readonly observedAt: string | null;
  readonly title: string;
  readonly severity: 'INFORMATIONAL' | 'LOW' | 'MEDIUM' | 'HIGH' | 'CRITICAL' | null;
  readonly resources: readonly Resource[];
  /** The raw answer, parsed. */
  readonly detail: JsonObject;
  /** The JSON text that `detail` was parsed from. */
  readonly text: string;
  readonly facts: Facts;
}

/** Named values that a source, the engine or a derivation computed. Each is defined beside the rules. */
export type Facts = Readonly<Record<string, Json>>;

/**
 * What the live half of a source yields. A mark says that everything before it was yielded and that reading can go on after it
 * (`Scope.resumeAfter`): the source's own words for a part and a sort key in it, never a token of the service, which dies with its session.
 */
export type Reading = { readonly item: RawItem } | { readonly gap: Gap } | { readonly mark: string };

/** What the pure half of a source makes of one item: observations, or the reason why nothing can be read from it. */
export type Interpretation = { readonly observation: Observation } | { readonly gap: Gap };
