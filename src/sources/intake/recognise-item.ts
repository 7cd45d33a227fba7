// SPDX-License-Identifier: Apache-2.0
import { at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { sliceAt, sliceElements, sliceMembers } from '../../evidence/json-slices.ts';
import type { SourceId } from '../../evidence/observation.ts';
import { recogniseReport } from '../report/recognise-report.ts';
import { declaredKind } from './declared-kind.ts';
import { reasonBeside, reasonUnrecognised } from './reason-unrecognised.ts';
import { type RecordKind, recogniseRecord } from './recognise-record.ts';

/** One thing found in an item: which source and shape reads it, its exact text, and what the wrapping around it adds. */
interface Recognised {
  readonly source: SourceId;
  readonly shape: string;
  readonly text: string;
  /** `text` parsed. */
  readonly value: JsonObject;
  /** Null where nothing wrapped it. */
  readonly context: JsonObject | null;
}

/** What an item turned out to hold: something of ours, or nothing of ours and why, or a broken inner text. */
export type Recognition =
  | { readonly recognised: Recognised }
  | { readonly unrecognised: string }
  | { readonly broken: { readonly text: string; readonly message: string } };

/** How far wrappings of other tools are looked into: pages in a list, or an answer in an object of a tool's own. */
const mostLevels = 2;

/**
 * Says what an item of a file, an EventBridge event or an answer is, by its content and never by a file's name; always at least one result.
 * `value` must be `text` parsed. An envelope gives what it carries, cut out of `text` as it stands.
 */
export function recogniseItem(value: Json, text: string): readonly Recognition[] {
  return recognise(value, text, mostLevels);
}

function recognise(value: Json, text: string, levels: number): readonly Recognition[] {
  if (!isJsonObject(value)) return listed(value, () => sliceElements(text), levels) ?? [{ unrecognised: reasonUnrecognised(value) }];
  const found = recogniseRecord(value);
  if (found !== null) return [{ recognised: { ...found, text, value, context: null } }];
  if (typeof value['CloudTrailEvent'] === 'string') return [lookedUp(value['CloudTrailEvent'], event)];
  if (typeof value['detail-type'] === 'string' && isJsonObject(value['detail'])) return eventBridge(value, value['detail'], text);
  // Reports are whole files, whose place says of which run they are; inside of something else nothing proves their kind.
  const report = levels === mostLevels ? recogniseReport(value) : null;
  if (report !== null) return [{ recognised: { ...report, text, value, context: null } }];
  if (value['messageType'] === 'DATA_MESSAGE' && Array.isArray(value['logEvents'])) return logEvents(value['logEvents']);
  return within(value, text, levels) ?? [{ unrecognised: reasonUnrecognised(value) }];
}

const event: RecordKind = { source: 'cloudtrail', shape: 'event' };

// The evidence of a LookupEvents answer is the record, which stands there as a string; the outer members are derived from it.
function lookedUp(inner: string, declared: RecordKind | null): Recognition {
  let value: Json;
  try {
    value = JSON.parse(inner);
  } catch (error) {
    return { broken: { text: inner, message: `CloudTrailEvent is not JSON: ${String(error)}` } };
  }
  const context = { operation: 'LookupEvents' };
  return carried(value, () => inner, { declared, context }) ?? { unrecognised: reasonUnrecognised(value) };
}

/** What is known of a value by what it came in. */
interface Wrapping {
  /** What the wrapping says that it carries; null where it does not say. */
  readonly declared: RecordKind | null;
  readonly context: JsonObject;
}

/** What something carries: by its content, or, where that says nothing or another source, as the wrapping declares. Null for what is nothing. */
function carried(value: Json, cut: () => string, { declared, context }: Wrapping): Recognition | null {
  if (!isJsonObject(value)) return null;
  const proven = recogniseRecord(value);
  const isAsDeclared = declared === null || proven?.source === declared.source || Object.keys(value).length === 0;
  const found = isAsDeclared ? proven : declared;
  return found === null ? null : { recognised: { ...found, text: cut(), value, context } };
}

function eventBridge(envelope: JsonObject, detail: JsonObject, text: string): readonly Recognition[] {
  const declared = declaredKind(envelope);
  // Texts only: a value of any depth could not be handed to another thread.
  const context = {
    eventBridge: {
      id: stringAt(envelope, 'id'),
      time: stringAt(envelope, 'time'),
      detailType: stringAt(envelope, 'detail-type'),
      account: stringAt(envelope, 'account'),
      region: stringAt(envelope, 'region'),
    },
  };
  const findings = detail['findings'];
  if (Array.isArray(findings) && findings.length > 0) {
    const texts = sliceElements(text, 'detail', 'findings');
    return findings.map(
      (finding: Json, i) => carried(finding, () => texts[i] ?? '', { declared, context }) ?? { unrecognised: reasonUnrecognised(finding) },
    );
  }
  const isOfHub = declared?.source === 'securityhub';
  if (isOfHub && Array.isArray(findings)) return [{ unrecognised: 'no items: detail.findings is empty' }];
  // Security Hub sends lists: what is none proves itself by its content, or is no finding.
  const one = carried(detail, () => sliceAt(text, 'detail') ?? '', { declared: isOfHub ? null : declared, context });
  return [one ?? { unrecognised: reasonUnrecognised(envelope) }];
}

// CloudTrail delivered to CloudWatch Logs, as a subscription or an export to S3 writes it.
function logEvents(events: readonly Json[]): readonly Recognition[] {
  if (events.length === 0) return [{ unrecognised: 'no items: logEvents is empty' }];
  return events.map((event) => {
    const message = stringAt(event, 'message');
    return message?.startsWith('{') ? lookedUp(message, null) : { unrecognised: 'a CloudWatch Logs event that is no CloudTrail record' };
  });
}

/** Every element of a list that holds anything of ours; null for any other value. `texts` are those of the elements. */
function listed(list: Json, texts: () => readonly string[], levels: number): readonly Recognition[] | null {
  if (!Array.isArray(list) || !holdsOurs(list, levels)) return null;
  const cut = texts();
  return list.flatMap((element: Json, i) => recognise(element, cut[i] ?? '', levels - 1));
}

// Cutting is only worth its time where there is something to cut out, and the kind of a value does not depend on its text.
function holdsOurs(list: readonly Json[], levels: number): boolean {
  return levels > 0 && list.some((element) => isOurs(element, levels - 1));
}

function isOurs(value: Json, levels: number): boolean {
  return recognise(value, '', levels).some((one) => !('unrecognised' in one));
}

/** What the SDKs add to an answer: about the request, and never part of what AWS answered. */
const ofTheRequest: ReadonlySet<string> = new Set(['ResponseMetadata', '$metadata']);

// Tools wrap AWS's answers in objects of their own. What stands beside evidence is told about, unless it is a mere word or number, or empty.
function within(value: JsonObject, text: string, levels: number): readonly Recognition[] | null {
  if (levels === 0) return null;
  const members = Object.keys(value).map((name) => ({ name, inner: at(value, name) ?? null }));
  const ours = new Set(members.filter(({ inner }) => (Array.isArray(inner) ? holdsOurs(inner, levels) : isOurs(inner, levels - 1))));
  if (ours.size === 0) return null;
  const texts = new Map(sliceMembers(text).map((member) => [member.name, member.text]));
  return members.flatMap((member): readonly Recognition[] => {
    const { name, inner } = member;
    const cut = texts.get(name) ?? '';
    if (ours.has(member)) return listed(inner, () => sliceElements(cut), levels) ?? recognise(inner, cut, levels - 1);
    const isMore = typeof inner === 'object' && inner !== null && Object.keys(inner).length > 0 && !ofTheRequest.has(name);
    return isMore ? [{ unrecognised: reasonBeside(name, inner) }] : [];
  });
}
