// SPDX-License-Identifier: Apache-2.0
import type { Strength } from '../evidence/claim.ts';
import type { Json, JsonObject } from '../evidence/json.ts';
import type { ObservationKind, SourceId } from '../evidence/observation.ts';

/** Polarity as a rule may say it: decided ones, or how to decide, or `ignore`, which claims nothing. */
export const rulePolarities = [
  'supports',
  'exception',
  'review',
  'gap',
  'occurrence',
  'context',
  'by-outcome',
  'by-threshold',
  'ignore',
] as const;
export type RulePolarity = (typeof rulePolarities)[number];

/**
 * What a rule is about, and so what must be in scope: a resource; the account, by any AI system in it; or a store of records, which is in scope since
 * the scope file declares it (its rules ask for the fact `recordStore`).
 */
export const ruleSubjects = ['resource', 'account', 'record-store'] as const;
export type RuleSubject = (typeof ruleSubjects)[number];

/** One mapping rule as the engine needs it, `where` of its file already merged into `pattern`. */
export interface Rule {
  readonly id: string;
  readonly source: SourceId;
  readonly title: string;
  /** EventBridge event pattern over the observation. */
  readonly pattern: JsonObject;
  readonly controls: readonly { readonly control: string; readonly strength: Strength; readonly polarity?: RulePolarity }[];
  readonly polarity: RulePolarity;
  readonly subject: RuleSubject;
  readonly evidence: ObservationKind;
  readonly why: string;
}

/** A versioned, hashed set of rules, and the tables that sources compute their facts from. */
export interface Pack {
  readonly id: string;
  readonly version: string;
  /** SHA-256 over the canonical bytes of the pack without this member, 64 hex digits. */
  readonly digest: string;
  readonly rules: readonly Rule[];
  /** Tables of the facts, by source: `securityhub.controlId.tables` and the like. */
  readonly tables: Readonly<Record<string, Json>>;
}
