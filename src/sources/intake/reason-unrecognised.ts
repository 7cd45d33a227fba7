// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { isFindingClass, ocsfClass } from './recognise-record.ts';

const shownMembers = 6;
const longestName = 40;

/** Why a JSON value is no evidence of ours, in words for the person who brought it. */
export function reasonUnrecognised(value: Json): string {
  if (!isJsonObject(value)) return `JSON that is no object but ${kindOf(value)}`;
  if (isCapture(value)) return 'captured payloads of an endpoint, or ground truth for them: captured payloads are never collected';
  if (at(value, 'nbformat') !== undefined) return 'a notebook: its outputs are not read';
  const detailType = stringAt(value, 'detail-type');
  if (detailType !== undefined)
    return `an EventBridge event "${shorten(detailType)}" of ${stringAt(value, 'source') ?? 'no source'}: not read`;
  if (stringAt(value, 'eventSource')?.startsWith('aws:') || at(value, 'EventSource') === 'aws:sns')
    return 'a notification of S3, SQS, SNS or DynamoDB: not read';
  if (stringAt(value, 'Service', 'ServiceName') === 'guardduty' || at(value, 'service', 'serviceName') === 'guardduty') {
    return 'a GuardDuty finding: not read from GuardDuty itself, only through Security Hub';
  }
  if (ocsfClass(value) !== undefined) return reasonOfOcsf(value);
  return unknownShape(value);
}

/** Why a member that stands beside evidence in a wrapping of some tool is none. */
export function reasonBeside(name: string, value: Json): string {
  return `beside evidence, in its member ${shorten(name)}: ${reasonUnrecognised(value)}`;
}

function reasonOfOcsf(value: JsonObject): string {
  const classId = ocsfClass(value);
  const ocsf = `OCSF of class ${typeof classId === 'number' ? classId : kindOf(classId ?? null)}`;
  if (!isFindingClass(classId)) return `${ocsf} that is no finding`;
  const provider = stringAt(value, 'cloud', 'provider') ?? 'aws';
  return provider.toLowerCase() === 'aws'
    ? `${ocsf} that has neither finding_info nor metadata, and so no id`
    : `${ocsf} about ${shorten(provider)} and not AWS`;
}

function isCapture(value: JsonObject): boolean {
  return isJsonObject(at(value, 'captureData')) || isJsonObject(at(value, 'groundTruthData'));
}

function unknownShape(value: JsonObject): string {
  const names = Object.keys(value);
  if (names.length === 0) return 'an empty JSON object';
  const empty = ['Records', 'Events', 'Findings', 'findings'].find(
    (name) => Array.isArray(at(value, name)) && arrayAt(value, name).length === 0,
  );
  if (empty !== undefined) return `no items: ${empty} is empty`;
  const shown = names.slice(0, shownMembers).map(shorten).join(', ');
  return `JSON of an unknown shape with ${shown}${names.length > shownMembers ? `, and ${names.length - shownMembers} more members` : ''}`;
}

function kindOf(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`;
}

// Names come from outside: short, and without control characters that could play tricks on a terminal.
function shorten(name: string): string {
  const clean = name.replace(/[\p{Cc}\p{Cf}]/gu, '?');
  return clean.length > longestName ? `${clean.slice(0, longestName)}…` : clean;
}
