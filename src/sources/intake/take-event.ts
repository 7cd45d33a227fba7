// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { jsonFault } from '../../evidence/json-fault.ts';
import type { RawItem, SourceId } from '../../evidence/observation.ts';
import { recogniseItem } from './recognise-item.ts';

/** Where an EventBridge event came from, by its envelope. */
export interface EventPlace {
  readonly eventId: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** What one event holds: items, the address of an object in S3 that is yet to be read, or only a sign that the next read is worth making soon. */
export type TakenEvent = { readonly place: EventPlace } & (
  | { readonly items: readonly RawItem[]; readonly gaps: readonly Gap[] }
  | { readonly object: string }
  | { readonly hint: string }
);

/** An event that cannot be read at all. */
export interface UnreadEvent {
  readonly gap: Gap;
}

/**
 * SageMaker's own events are best effort and say no more than that something changed:
 * https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html (read 2026-11).
 */
const hints: ReadonlySet<string> = new Set(['SageMaker Processing Job State Change', 'SageMaker Monitoring Schedule State Change']);

/** Reads one EventBridge envelope for a source. Pure. Items have the identity that polling and files give them. */
export function takeEvent(text: string, source: SourceId, sweptAt: string): TakenEvent | UnreadEvent {
  const envelope = parsed(text);
  if (envelope === undefined) return unread(text, 'malformed', 'EVENT_NOT_JSON', `The event is not JSON: ${jsonFault(text)}`);
  const place = placeOf(envelope);
  const type = stringAt(envelope, 'detail-type');
  if (place === null || type === undefined)
    return unread(text, 'malformed', 'EVENT_NO_ENVELOPE', 'This is no EventBridge event: it lacks id, account, region or detail-type.');
  if (stringAt(envelope, 'source') === 'aws.s3' && type === 'Object Created') return objectOf(text, envelope, place);
  if (hints.has(type)) return { place, hint: type };
  return { place, ...itemsOf(text, envelope, { source, sweptAt, place }) };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function placeOf(envelope: Json): EventPlace | null {
  const [eventId, account, region] = [stringAt(envelope, 'id'), stringAt(envelope, 'account'), stringAt(envelope, 'region')];
  if (eventId === undefined || account === undefined || region === undefined) return null;
  return { eventId, account, region, partition: partitionOfRegion(region) };
}

/** The partition of a Region, by its name: https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html. */
function partitionOfRegion(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  if (region.startsWith('us-gov-')) return 'aws-us-gov';
  return region.startsWith('eusc-') ? 'aws-eusc' : 'aws';
}

// Keys are as they are, unlike in S3's older notifications, which encode them: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html.
function objectOf(text: string, envelope: Json, place: EventPlace): TakenEvent | UnreadEvent {
  const [bucket, key] = [stringAt(envelope, 'detail', 'bucket', 'name'), stringAt(envelope, 'detail', 'object', 'key')];
  if (bucket === undefined || key === undefined)
    return unread(text, 'malformed', 'EVENT_NO_OBJECT', 'The event of S3 names no bucket or no object.');
  return { place, object: `s3://${bucket}/${key}` };
}

interface EventReader {
  readonly source: SourceId;
  readonly sweptAt: string;
  readonly place: EventPlace;
}

function itemsOf(text: string, envelope: Json, { source, sweptAt, place }: EventReader) {
  const { eventId, ...where } = place;
  const items: RawItem[] = [];
  const gaps: Gap[] = [];
  for (const one of recogniseItem(envelope, text)) {
    if ('recognised' in one && one.recognised.source === source) {
      const { shape, context } = one.recognised;
      const whole = { ...(isJsonObject(context ?? undefined) ? context : {}), ...where, sweptAt };
      items.push({ source, shape, text: one.recognised.text, channel: { kind: 'event', eventId }, context: whole });
    } else gaps.push(gapOf(one, text, source));
  }
  return { items, gaps };
}

function gapOf(one: ReturnType<typeof recogniseItem>[number], text: string, source: SourceId): Gap {
  if ('broken' in one) return unread(one.broken.text, 'malformed', 'ITEM_NOT_JSON', one.broken.message).gap;
  const found = 'recognised' in one ? `an item of ${one.recognised.source}` : one.unrecognised;
  const remedy = 'correct what sends such events here, or its EventBridge rule';
  const message = gapMessage(`The event holds nothing that ${source} reads: ${found}.`, remedy);
  return unread(text, 'unsupported', 'EVENT_UNRECOGNISED', message).gap;
}

function unread(text: string, reason: Gap['reason'], code: string, message: string): UnreadEvent {
  const detail: JsonObject = { sha256: hash('sha256', text), bytes: Buffer.byteLength(text) };
  return { gap: { reason, extent: 'item', what: 'EventBridge event', message, code, detail } };
}
