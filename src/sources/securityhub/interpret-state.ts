// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Facts, Interpretation, RawItem, Resource } from '../../evidence/observation.ts';
import { parseArn } from './arn.ts';
import { unreadable } from './finding-observation.ts';
import { firstInstant } from './instant.ts';
import type { FindingTables } from './tables.ts';

/** What a state answer is about. It is told by its members, so that the same answer from a file reads alike. */
interface StateReading {
  readonly name: string;
  readonly arn: string | undefined;
  readonly title: string;
  readonly resourceType: string;
  readonly facts: Facts;
}

/** Makes an observation of one answer about Security Hub itself: hub, standard, control in a standard, aggregation. */
export function interpretState(item: RawItem, value: Json, tables: FindingTables): Interpretation {
  const reading = isJsonObject(value) ? readingOf(item, value, tables) : undefined;
  if (!isJsonObject(value) || reading === undefined) {
    return unreadable(item, 'Security Hub state', 'The answer is of no known kind; look at the bytes where they were read.');
  }
  const arn = parseArn(reading.arn);
  const account = arn?.account || item.context.account;
  const region = arn?.region || item.context.region;
  const identity = [reading.name, account, region].join('|');
  return {
    observation: {
      source: 'securityhub',
      kind: 'state',
      partition: arn?.partition ?? item.context.partition,
      account,
      region,
      sourceIdentity: identity,
      versionKey: 'content',
      findingKey: `securityhub|${identity}`,
      occurredAt: firstInstant(value['UpdatedAt']),
      observedAt: firstInstant(item.context.sweptAt),
      title: reading.title,
      severity: null,
      resources: resourcesOf(reading),
      detail: value,
      text: item.text,
      facts: reading.facts,
    },
  };
}

function resourcesOf(reading: StateReading): Resource[] {
  return reading.arn === undefined ? [] : [{ arn: reading.arn, type: reading.resourceType }];
}

function readingOf(item: RawItem, value: JsonObject, tables: FindingTables): StateReading | undefined {
  return associationOf(value, tables) ?? standardOf(value) ?? hubOf(item, value) ?? aggregatorOf(value);
}

function associationOf(value: JsonObject, tables: FindingTables): StateReading | undefined {
  const control = stringAt(value, 'SecurityControlId');
  const standard = stringAt(value, 'StandardsArn');
  const status = stringAt(value, 'AssociationStatus');
  if (control === undefined || standard === undefined || status === undefined) return undefined;
  const controlId = tables.spelling.get(control.toLowerCase()) ?? control;
  return {
    name: `control|${standard}|${controlId}`,
    arn: stringAt(value, 'SecurityControlArn') ?? standard,
    title: `Control ${controlId} is ${status} in ${standardName(standard)}`,
    resourceType: '',
    facts: { controlId, controlMapped: tables.mapped.has(controlId.toLowerCase()) },
  };
}

function standardOf(value: JsonObject): StateReading | undefined {
  const standard = stringAt(value, 'StandardsArn');
  const status = stringAt(value, 'StandardsStatus');
  if (standard === undefined || status === undefined) return undefined;
  return {
    name: `standard|${standard}`,
    arn: stringAt(value, 'StandardsSubscriptionArn') ?? standard,
    title: `Standard ${standardName(standard)} is ${status}`,
    resourceType: 'AWS::SecurityHub::Standard',
    facts: {},
  };
}

function hubOf(item: RawItem, value: JsonObject): StateReading | undefined {
  const hub = stringAt(value, 'HubArn');
  if (hub !== undefined) {
    return { name: 'hub', arn: hub, title: 'Security Hub CSPM is enabled', resourceType: 'AWS::SecurityHub::Hub', facts: {} };
  }
  const newer = stringAt(value, 'HubV2Arn');
  if (newer === undefined) return undefined;
  // With both on, each control finding exists twice, in ASFF and in OCSF; they share a finding key and count once.
  const facts: Facts = item.context['besideCspm'] === true ? { besideCspm: true } : {};
  return { name: 'hub-v2', arn: newer, title: 'Security Hub is enabled', resourceType: 'AWS::SecurityHub::HubV2', facts };
}

function aggregatorOf(value: JsonObject): StateReading | undefined {
  const older = stringAt(value, 'FindingAggregatorArn');
  const arn = older ?? stringAt(value, 'AggregatorV2Arn');
  if (arn === undefined) return undefined;
  const home = stringAt(value, 'FindingAggregationRegion') ?? stringAt(value, 'AggregationRegion') ?? parseArn(arn)?.region ?? '';
  return {
    name: older === undefined ? 'aggregator-v2' : 'aggregator',
    arn,
    title: `Findings are aggregated in ${home}`,
    resourceType: older === undefined ? 'AWS::SecurityHub::AggregatorV2' : 'AWS::SecurityHub::FindingAggregator',
    facts: {},
  };
}

function standardName(arn: string): string {
  return arn.replace(/^.*?(?:standards|ruleset)\//, '');
}
