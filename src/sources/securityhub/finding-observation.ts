// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../../evidence/json.ts';
import type { Facts, Interpretation, Observation, RawItem, Resource, VersionKey } from '../../evidence/observation.ts';
import { findingKeyOf } from './finding-key.ts';
import type { Severity } from './severity.ts';
import type { FindingTables } from './tables.ts';

/** What both forms of a finding say, in one set of words. Times are ISO 8601 UTC; absent members are unknown. */
export interface FindingReading {
  /** The product's own id of the finding: ASFF `Id`, OCSF `finding_info.uid`. */
  readonly findingId: string;
  readonly sourceIdentity: string;
  readonly versionKey: VersionKey;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /** When this version came to be, and when the product last saw the thing. */
  readonly updatedAt: string | null;
  readonly seenAt: string | null;
  /** When the result itself changed: entries of the timeline begin here. Triage by a customer does not move it. */
  readonly resultAt: string | null;
  readonly title: string;
  readonly severity: Severity | null;
  readonly resources: readonly Resource[];
  /** CloudFormation types of all resources, of those without a name too. */
  readonly resourceTypes: readonly string[];
  readonly product: string | undefined;
  readonly vendor: string;
  readonly controlId: string | undefined;
  readonly standard: readonly string[];
  readonly outcome: string | undefined;
  readonly recordState: string;
  readonly workflow: string | undefined;
  readonly types: readonly string[];
  readonly requiresSystemTag: boolean | undefined;
}

/** Makes the observation of a finding. What a later sweep found unchanged carries the time of that sweep for the derivations. */
export function findingObservation(reading: FindingReading, item: RawItem, detail: JsonObject, tables: FindingTables): Observation {
  const { account, region, partition } = reading;
  return {
    source: 'securityhub',
    kind: 'finding',
    partition,
    account,
    region,
    sourceIdentity: reading.sourceIdentity,
    versionKey: reading.versionKey,
    findingKey: findingKeyOf(reading),
    occurredAt: reading.updatedAt,
    observedAt: reading.seenAt ?? reading.updatedAt,
    title: reading.title,
    severity: reading.severity,
    resources: reading.resources,
    detail,
    text: item.text,
    facts: factsOf(reading, item, tables),
  };
}

/** Products whose findings are results of checks; other products report threats and weaknesses, which do not pass. */
const checkProducts: readonly (Json | undefined)[] = ['securityhub', 'config'];

/** Whether product and outcome are those of a check. */
export function isCheck(product: Json | undefined, outcome: Json | undefined): boolean {
  return checkProducts.includes(product) && typeof outcome === 'string';
}

function factsOf(reading: FindingReading, item: RawItem, tables: FindingTables): Facts {
  const { controlId, product, outcome, workflow, severity, requiresSystemTag, resultAt } = reading;
  const resourceTypes = [...new Set(reading.resourceTypes)];
  return {
    ...(product !== undefined && { product }),
    vendor: reading.vendor,
    ...(controlId !== undefined && { controlId }),
    controlMapped: controlId !== undefined && tables.mapped.has(controlId.toLowerCase()),
    ...(reading.standard.length > 0 && { standard: reading.standard }),
    ...(outcome !== undefined && { outcome }),
    recordState: reading.recordState,
    ...(workflow !== undefined && { workflow }),
    ...(severity !== null && { severity }),
    ...(reading.types.length > 0 && { types: reading.types }),
    ...(resourceTypes.length > 0 && { resourceTypes }),
    ...(requiresSystemTag !== undefined && { requiresSystemTag }),
    findingId: reading.findingId,
    ...(resultAt !== null && { resultAt }),
    ...(item.context['sweep'] === true && isCheck(product, outcome) && { stillStandsAt: item.context.sweptAt }),
  };
}

/** An item gap for what has no identity at all; the hash names the bytes that were read. */
export function unreadable(item: RawItem, what: string, message: string): Interpretation {
  return {
    gap: {
      reason: 'malformed',
      extent: 'item',
      what,
      message,
      code: 'FINDING_WITHOUT_IDENTITY',
      detail: { shape: item.shape, sha256: hash('sha256', item.text), characters: item.text.length },
    },
  };
}
