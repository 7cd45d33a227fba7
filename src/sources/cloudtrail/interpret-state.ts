// SPDX-License-Identifier: Apache-2.0
import { gapMessage } from '../../evidence/gap.ts';
import { at, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Facts, Interpretation, Observation, RawItem, VersionKey } from '../../evidence/observation.ts';
import { aiDataEventsFact, aiDataEventsIn } from './ai-data-events.ts';
import { instantOf } from './trail-times.ts';

const hourMs = 3_600_000;
/** Digests come hourly even when nothing happens; log files come only when something does. */
const digestLimitMs = 2 * hourMs;
const logLimitMs = 24 * hourMs;

interface StateForm {
  readonly of: string;
  readonly title: string;
  readonly facts: Facts;
  readonly versionKey: VersionKey;
}

/** The observation of one answer about trails: its description, its status or its selectors. Other answers are an `unsupported` gap. */
export function interpretState(item: RawItem, detail: JsonObject): Interpretation {
  const form = formOf(item, detail);
  if (form === null) {
    const operation = stringAt(item.context, 'operation') ?? '';
    const message = gapMessage('This answer of CloudTrail does not say which call it belongs to.', 'collect it live (--from aws)');
    return { gap: { reason: 'unsupported', extent: 'item', what: `cloudtrail:${operation}`, message, code: null, detail: {} } };
  }
  const { partition, account, region, sweptAt } = item.context;
  const observation: Observation = {
    source: 'cloudtrail',
    kind: 'state',
    partition,
    account,
    region,
    sourceIdentity: form.of,
    versionKey: form.versionKey,
    findingKey: `cloudtrail|${account}|${region}|${form.of}`,
    occurredAt: sweptAt,
    observedAt: sweptAt,
    title: form.title,
    severity: null,
    resources: [{ arn: trailArn(item, detail), type: 'AWS::CloudTrail::Trail' }],
    detail,
    text: item.text,
    facts: form.facts,
  };
  return { observation };
}

function formOf(item: RawItem, detail: JsonObject): StateForm | null {
  const arn = trailArn(item, detail);
  const name = arn.slice(arn.indexOf('/') + 1);
  switch (stringAt(item.context, 'operation')) {
    case 'DescribeTrails':
      return { of: `trail|${arn}`, title: `Trail ${name}`, facts: {}, versionKey: 'content' };
    case 'GetTrailStatus':
      return statusForm(item, detail, arn, name);
    case 'GetEventSelectors': {
      return { of: `event-selectors|${arn}`, title: `Event selectors of trail ${name}`, ...selectorsForm(item.context) };
    }
    default:
      return null;
  }
}

/** Facts and version of an answer about event selectors: the types in use decide what it says. */
export function selectorsForm(known: Json): Pick<StateForm, 'facts' | 'versionKey'> {
  const types = aiDataEventsIn(known);
  const aiDataEvents = aiDataEventsFact(types);
  const aiTypesSeenIn = stringAt(known, 'aiTypesSeenIn') ?? 'long';
  const facts = { ...types, aiTypesSeenIn, ...(aiDataEvents === null ? {} : { aiDataEvents }) };
  return { facts, versionKey: { contentAnd: [aiDataEvents ?? ''] } };
}

function statusForm(item: RawItem, detail: JsonObject, arn: string, name: string): StateForm {
  const trailDelivering = isDelivering(item, detail);
  const state =
    detail['IsLogging'] !== true ? 'is off' : trailDelivering ? 'records and delivers' : 'is on, but does not deliver as it should';
  // The same answer grows stale with time, so what was found of it is part of the version.
  return {
    of: `trail-status|${arn}`,
    title: `Trail ${name} ${state}`,
    facts: { trailDelivering },
    versionKey: { contentAnd: [String(trailDelivering)] },
  };
}

// On, without errors, and files arrive: the newest digest at most 2 hours old, or without validation the newest log file at most 24 hours.
function isDelivering({ context }: RawItem, detail: JsonObject): boolean {
  if (detail['IsLogging'] !== true || isError(detail['LatestDeliveryError']) || isError(detail['LatestDigestDeliveryError'])) return false;
  const isValidated = at(context, 'trail', 'LogFileValidationEnabled') === true;
  const newest = instantOf(isValidated ? detail['LatestDigestDeliveryTime'] : detail['LatestDeliveryTime']);
  const sweptAt = Date.parse(context.sweptAt);
  return newest !== null && sweptAt - newest <= (isValidated ? digestLimitMs : logLimitMs);
}

function isError(value: Json | undefined): boolean {
  return typeof value === 'string' && value !== '';
}

function trailArn(item: RawItem, detail: JsonObject): string {
  return stringAt(detail, 'TrailARN') ?? stringAt(item.context, 'trail', 'TrailARN') ?? 'trail/unknown';
}
