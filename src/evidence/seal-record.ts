// SPDX-License-Identifier: Apache-2.0

import { canonicalJson } from './canonical-json.ts';
import type { Claim } from './claim.ts';
import { contentId, declaredId, type HomeSecret, saltsUnder } from './identity.ts';
import type { Channel, Facts, Observation } from './observation.ts';
import type { StoredDetail } from './raw-form.ts';
import type { RecordCore, RecordSubjects } from './record.ts';
import type { Compartments } from './record-line.ts';

/** What all records of one run share. `collectedAt` is ISO 8601 UTC. */
export interface SealContext {
  readonly secret: HomeSecret;
  readonly pack: { readonly id: string; readonly digest: string };
  readonly run: string;
  readonly collector: string;
  readonly readAs: string | null;
  readonly collectedAt: string;
}

/** A record ready to be written (`writeLine`): its id and its canonical compartments. */
export interface SealedRecord extends Compartments {
  readonly id: string;
}

/** Everything of a record but its id, salts and texts that are known already. */
export interface RecordParts {
  readonly core: Omit<RecordCore, 'id' | 'salt' | 'pack' | 'run' | 'collector' | 'readAs' | 'collectedAt'>;
  readonly subjects: Omit<RecordSubjects, 'salt'>;
  readonly detail: StoredDetail;
  readonly facts: Facts;
}

/** Makes the immutable record of its parts: id, salts, canonical compartments. */
export function sealRecord(parts: RecordParts, context: SealContext): SealedRecord {
  const { detail } = parts;
  const id = recordId(parts, context.secret);
  const salts = saltsUnder(context.secret)(id);
  const redactions = detail.redactions.length === 0 ? '[]' : canonicalJson(detail.redactions);
  return {
    id,
    core: coreText(parts.core, { id, salt: salts.core }, context),
    detail: detail.canonical,
    afterDetail: `,"facts":${factsText(parts.facts)},"form":"${detail.form}","redactions":${redactions},"salt":"${salts.raw}"}`,
    subjects: subjectsText(parts.subjects, salts.subjects),
  };
}

/** Id of a record: declared version fields give an open id, content one that is blinded by the home secret. */
export function recordId(parts: Pick<RecordParts, 'core' | 'detail' | 'facts'>, secret: HomeSecret): string {
  const { source, sourceIdentity, versionKey } = parts.core;
  if (versionKey === 'content') return contentId(secret, source, sourceIdentity, parts.detail.canonical);
  if ('contentAnd' in versionKey) {
    const named = versionKey.facts?.map((name) => parts.facts[name] ?? null);
    const more = named === undefined ? '' : `\n${canonicalJson(named)}`;
    return contentId(secret, source, sourceIdentity, parts.detail.canonical, `\n${canonicalJson(versionKey.contentAnd)}${more}`);
  }
  return declaredId(source, sourceIdentity, versionKey);
}

// Built by hand in canonical order: this runs for every record, and most members are constant over a run or a file.
function coreText(core: RecordParts['core'], { id, salt }: Pick<RecordCore, 'id' | 'salt'>, context: SealContext): string {
  return (
    `${beforeControls(context, core.channel, core.account)}${claimsText(core.controls)},"id":"${id}","kind":"${core.kind}",` +
    `"observedAt":${text(core.observedAt)},"occurredAt":${text(core.occurredAt)}${aroundPartition(context, core.partition, core.region)}${salt}",` +
    `"severity":${text(core.severity)},"source":"${core.source}","sourceIdentity":${text(core.sourceIdentity)},` +
    `"versionKey":${canonicalJson(core.versionKey)}}`
  );
}

const beforeControls = keptLast((context: SealContext, channel: Channel | null, account: string) => {
  const { collectedAt, collector } = context;
  const run = `"collectedAt":"${collectedAt}","collector":${text(collector)}`;
  return `{"account":${text(account)},"channel":${channel === null ? 'null' : canonicalJson(channel)},${run},"controls":`;
});

const aroundPartition = keptLast(({ pack, readAs, run }: SealContext, partition: string, region: string) => {
  const from = `"partition":${text(partition)},"readAs":${text(readAs)},"region":${text(region)}`;
  return `,"pack":{"digest":"${pack.digest}","id":${text(pack.id)}},${from},"run":${text(run)},"salt":"`;
});

/** Keeps the last text: the records of a file come in rows. As one piece, since a text joined of many is laid out anew wherever it is written. */
function keptLast<First, Second, Third>(make: (first: First, second: Second, third: Third) => string) {
  let last: { readonly first: First; readonly second: Second; readonly third: Third; readonly text: string } | null = null;
  return (first: First, second: Second, third: Third): string => {
    if (last === null || last.first !== first || last.second !== second || last.third !== third)
      last = { first, second, third, text: Buffer.from(make(first, second, third)).toString() };
    return last.text;
  };
}

const factTexts = new WeakMap<Facts, string>();

// The mapper gives the same object where it adds a fact to none.
function factsText(facts: Facts): string {
  let found = factTexts.get(facts);
  if (found === undefined) {
    found = canonicalJson(facts);
    if (Object.isFrozen(facts)) factTexts.set(facts, found);
  }
  return found;
}

function subjectsText({ aiSystems, findingKey, resources, title }: RecordParts['subjects'], salt: string): string {
  const systems = aiSystems.length === 0 ? '[]' : canonicalJson(aiSystems);
  let list = '';
  for (const { arn, type } of resources) list += `${list === '' ? '' : ','}{"arn":${text(arn)},"type":${text(type)}}`;
  return `{"aiSystems":${systems},"findingKey":${text(findingKey)},"resources":[${list}],"salt":"${salt}","title":${text(title)}}`;
}

// Nearly all of these are plain ASCII, for which a test and two quotes cost less than JSON.stringify.
const needsEscape = /[^ !#-[\]-~]/;

function text(value: string | null): string {
  if (value === null) return 'null';
  return needsEscape.test(value) ? JSON.stringify(value) : `"${value}"`;
}

const claimTexts = new WeakMap<readonly Claim[], string>();

// The mapper gives the same array for the same set of matches, so its text is made once.
function claimsText(claims: readonly Claim[]): string {
  if (claims.length === 0) return '[]';
  let found = claimTexts.get(claims);
  if (found === undefined) {
    found = canonicalJson(claims);
    claimTexts.set(claims, found);
  }
  return found;
}

/** Parts of an observation's record, mapped. */
export function observationParts(
  observation: Observation,
  mapping: { readonly claims: readonly Claim[]; readonly aiSystems: readonly string[]; readonly facts: Facts },
  detail: StoredDetail,
  channel: Channel,
): RecordParts {
  const { source, kind, partition, account, region, sourceIdentity, versionKey, occurredAt, observedAt, severity } = observation;
  return {
    core: {
      kind,
      source,
      sourceIdentity,
      versionKey,
      channel,
      partition,
      account,
      region,
      occurredAt,
      observedAt,
      severity,
      controls: mapping.claims,
    },
    subjects: {
      aiSystems: mapping.aiSystems,
      resources: observation.resources,
      findingKey: observation.findingKey,
      title: observation.title,
    },
    detail,
    facts: mapping.facts,
  };
}
