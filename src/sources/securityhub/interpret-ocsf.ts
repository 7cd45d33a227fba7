// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Interpretation, RawItem, Resource, VersionKey } from '../../evidence/observation.ts';
import { type Arn, parseArn } from './arn.ts';
import { controlIdOf } from './control-id.ts';
import { type FindingReading, findingObservation, unreadable } from './finding-observation.ts';
import { firstInstant, laterOf } from './instant.ts';
import type { FindingSettings } from './interpret-asff.ts';
import { ocsfOutcome, ocsfRecordState, ocsfWorkflow } from './outcome.ts';
import { productOf } from './product.ts';
import { arnResourceType } from './resource-type.ts';
import { ocsfSeverity } from './severity.ts';
import { standardCodes, standardIn, standardNumberIn } from './standard.ts';
import type { FindingTables } from './tables.ts';
import { tagsOf, textsOf } from './texts.ts';

/**
 * Makes an observation of one OCSF finding (classes 2002 to 2006). AWS's model calls it a bare document and checks nothing, so all members
 * are read with care. The record differs from that of the same finding in ASFF, as the answers differ; the finding key is one.
 */
export function interpretOcsf(item: RawItem, value: Json, settings: FindingSettings): Interpretation {
  if (!isJsonObject(value)) return unreadable(item, 'OCSF finding', 'The item is no JSON object; look at the bytes where they were read.');
  const findingId = stringAt(infoOf(value), 'uid') ?? stringAt(value, 'metadata', 'uid');
  if (findingId === undefined || findingId === '') {
    return unreadable(
      item,
      'OCSF finding',
      'The finding has neither finding_info.uid nor metadata.uid; look at the bytes where they were read.',
    );
  }
  return { observation: findingObservation(readingOf(item, value, findingId, settings.tables), item, value, settings.tables) };
}

function readingOf(item: RawItem, finding: JsonObject, findingId: string, tables: FindingTables): FindingReading {
  const info = infoOf(finding);
  const productUid = stringAt(finding, 'metadata', 'product', 'uid');
  const productArn = parseArn(productUid);
  const { product, vendor } = productOf(productUid);
  const place = placeOf(item, finding, productArn);
  const resources = resourcesOf(finding);
  const resourceTypes = arrayAt(finding, 'resources').flatMap((resource) => typeOf(resource, arnOf(resource)) ?? []);
  const modified = modifiedAt(finding);
  const updatedAt = laterOf(modified, firstInstant(at(finding, 'time_dt'), at(finding, 'time')));
  return {
    findingId,
    // AWS names a finding by these three (OcsfFindingIdentifier): product, account, the product's own id.
    sourceIdentity: `${productUid ?? ''}|${place.account}|${findingId}`,
    versionKey: productArn === undefined ? 'content' : versionKeyOf(finding),
    ...place,
    updatedAt,
    resultAt: modified ?? updatedAt,
    seenAt: firstInstant(at(info, 'last_seen_time_dt'), at(info, 'last_seen_time')),
    title: stringAt(info, 'title') ?? stringAt(finding, 'message') ?? findingId,
    severity: ocsfSeverity(finding),
    resources,
    resourceTypes,
    product,
    vendor,
    controlId: product === 'securityhub' ? controlOf(finding, findingId, resourceTypes, tables) : undefined,
    standard: standardCodes(textsOf(at(finding, 'compliance', 'standards')), tables),
    outcome: ocsfOutcome(finding),
    recordState: ocsfRecordState(finding),
    workflow: ocsfWorkflow(finding),
    types: textsOf(at(info, 'types')),
    requiresSystemTag: undefined,
  };
}

/** `finding_info`; the older class 2001, which Security Lake writes, calls it `finding`. */
function infoOf(finding: JsonObject): Json | undefined {
  return at(finding, 'finding_info') ?? at(finding, 'finding');
}

function modifiedAt(finding: JsonObject): string | null {
  const info = infoOf(finding);
  return firstInstant(at(info, 'modified_time_dt'), at(info, 'modified_time'), at(info, 'created_time_dt'), at(info, 'created_time'));
}

/**
 * Fields by which Security Hub tells versions apart. Other writers of OCSF (metadata.product.uid is no ARN) promise nothing of the kind:
 * there only content does.
 */
function versionKeyOf(finding: JsonObject): VersionKey {
  const info = infoOf(finding);
  const time = textOf(at(info, 'modified_time_dt') ?? at(info, 'modified_time'));
  const written = textOf(at(finding, 'time_dt') ?? at(finding, 'time'));
  if (time === '' && written === '') return 'content';
  const state = [at(finding, 'status_id'), at(finding, 'activity_id'), at(finding, 'severity_id'), at(finding, 'compliance', 'status_id')];
  return [time, written, ...state.map(textOf)];
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function placeOf(item: RawItem, finding: JsonObject, productArn: Arn | undefined) {
  const [first] = arrayAt(finding, 'resources');
  return {
    partition:
      productArn?.partition ??
      stringAt(finding, 'cloud', 'cloud_partition') ??
      stringAt(first, 'cloud_partition') ??
      item.context.partition,
    account: stringAt(finding, 'cloud', 'account', 'uid') ?? stringAt(first, 'owner', 'account', 'uid') ?? item.context.account,
    region: stringAt(finding, 'cloud', 'region') ?? stringAt(first, 'region') ?? (productArn?.region || item.context.region),
  };
}

function resourcesOf(finding: JsonObject): Resource[] {
  return arrayAt(finding, 'resources').flatMap((resource) => {
    const arn = arnOf(resource);
    if (arn === undefined) return [];
    const tags = tagsOf(at(resource, 'tags'));
    return [{ arn, type: typeOf(resource, arn) ?? '', ...(tags !== undefined && { tags }) }];
  });
}

/** The ARN wherever it stands: Security Hub writes a bare name in `uid` and the ARN in `uid_alt`; else the name. */
function arnOf(resource: Json): string | undefined {
  const names = [stringAt(resource, 'uid'), stringAt(resource, 'uid_alt'), stringAt(resource, 'name')];
  return names.find((name) => name?.startsWith('arn:')) ?? names.find((name) => name !== undefined && name !== '');
}

function typeOf(resource: Json, arn: string | undefined): string | undefined {
  const written = stringAt(resource, 'type');
  return written?.includes('::') === true ? written : arnResourceType(arn);
}

function controlOf(finding: JsonObject, findingId: string, resourceTypes: readonly string[], tables: FindingTables): string | undefined {
  const standards = textsOf(at(finding, 'compliance', 'standards')).map((name) => standardIn(name) ?? name);
  // With consolidated findings the id itself says it: …:security-control/S3.1/finding/….
  const consolidated = /security-control\/([^/]+)\/finding\//.exec(findingId)?.[1];
  return controlIdOf(
    {
      securityControlId: undefined,
      generatorId: undefined,
      complianceControl: stringAt(finding, 'compliance', 'control') ?? consolidated,
      standards,
      numbered: [standardNumberIn(findingId)],
      resourceTypes,
    },
    tables,
  );
}
