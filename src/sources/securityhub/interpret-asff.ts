// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Interpretation, RawItem, Resource, VersionKey } from '../../evidence/observation.ts';
import { parseArn } from './arn.ts';
import { controlIdOf } from './control-id.ts';
import { type FindingReading, findingObservation, unreadable } from './finding-observation.ts';
import { firstInstant, laterOf, toInstant } from './instant.ts';
import { asffOutcome, asffRecordState, asffWorkflow } from './outcome.ts';
import { productOf } from './product.ts';
import { asffResourceType } from './resource-type.ts';
import { asffSeverity } from './severity.ts';
import { standardCodes, standardIn, standardNumberIn } from './standard.ts';
import type { FindingTables } from './tables.ts';
import { tagsOf, textsOf } from './texts.ts';

/** What interpreting findings needs to know beside the finding. */
export interface FindingSettings {
  readonly tables: FindingTables;
  /** Tag key that assigns resources to AI systems. */
  readonly tagKey: string;
}

/** Makes an observation of one ASFF finding. Missing and unknown members are tolerated; only a finding without any id is a gap. */
export function interpretAsff(item: RawItem, value: Json, settings: FindingSettings): Interpretation {
  if (!isJsonObject(value)) return unreadable(item, 'ASFF finding', 'The item is no JSON object; look at the bytes where they were read.');
  const findingId = findingIdOf(value);
  if (findingId === undefined) {
    return unreadable(
      item,
      'ASFF finding',
      'The finding has no Id, so no version of it can be told; look at the bytes where they were read.',
    );
  }
  return { observation: findingObservation(readingOf(item, value, findingId, settings), item, value, settings.tables) };
}

function readingOf(item: RawItem, finding: JsonObject, findingId: string, settings: FindingSettings): FindingReading {
  const productArn = productArnOf(finding);
  const { product, vendor } = productOf(productArn);
  const resources = resourcesOf(finding, settings.tables);
  const resourceTypes = arrayAt(finding, 'Resources').flatMap((resource) => typeOf(resource, settings.tables) ?? []);
  const updated = stringAt(finding, 'UpdatedAt');
  const processed = stringAt(finding, 'ProcessedAt');
  const updatedAt = firstInstant(updated, at(finding, 'LastObservedAt'), at(finding, 'CreatedAt'));
  return {
    findingId,
    sourceIdentity: `${productArn ?? ''}|${findingId}`,
    versionKey: versionKeyOf(finding, updated, processed),
    ...placeOf(item, finding, productArn),
    // Triage moves ProcessedAt and leaves UpdatedAt, so the later one orders versions.
    updatedAt: laterOf(updatedAt, toInstant(processed)),
    resultAt: updatedAt,
    seenAt: toInstant(at(finding, 'LastObservedAt')),
    title: stringAt(finding, 'Title') ?? stringAt(finding, 'GeneratorId') ?? findingId,
    severity: asffSeverity(finding),
    resources,
    resourceTypes,
    product,
    vendor,
    controlId: product === 'securityhub' ? controlOf(finding, findingId, resourceTypes, settings.tables) : undefined,
    standard: standardsOf(finding, settings.tables),
    outcome: asffOutcome(finding),
    recordState: asffRecordState(finding),
    workflow: asffWorkflow(finding),
    types: typesOf(finding),
    requiresSystemTag: requiresSystemTag(finding, settings.tagKey),
  };
}

/** `Id`, or the one inside `aws/securityhub/FindingId`, which is `<ProductArn>/<Id>`. */
function findingIdOf(finding: JsonObject): string | undefined {
  const id = stringAt(finding, 'Id');
  if (id !== undefined && id !== '') return id;
  return hubFindingId(finding)?.[2];
}

function productArnOf(finding: JsonObject): string | undefined {
  return stringAt(finding, 'ProductArn') ?? hubFindingId(finding)?.[1];
}

function hubFindingId(finding: JsonObject): RegExpExecArray | null {
  const text = stringAt(finding, 'ProductFields', 'aws/securityhub/FindingId');
  return text === undefined ? null : /^(arn:[^/]+:product\/[^/]+\/[^/]+)\/(.+)$/.exec(text);
}

function versionKeyOf(finding: JsonObject, updated: string | undefined, processed: string | undefined): VersionKey {
  // Without both times no declared field tells one version from the next.
  if (updated === undefined && processed === undefined) return 'content';
  return [updated ?? '', processed ?? '', stringAt(finding, 'Workflow', 'Status') ?? '', stringAt(finding, 'RecordState') ?? ''];
}

function placeOf(item: RawItem, finding: JsonObject, productArn: string | undefined) {
  const arn = parseArn(productArn);
  const [first] = arrayAt(finding, 'Resources');
  return {
    partition: arn?.partition ?? stringAt(first, 'Partition') ?? item.context.partition,
    account: stringAt(finding, 'AwsAccountId') ?? item.context.account,
    // Findings of before 2020 have no Region of their own; the product's ARN has it.
    region: stringAt(finding, 'Region') ?? (arn?.region || undefined) ?? stringAt(first, 'Region') ?? item.context.region,
  };
}

function resourcesOf(finding: JsonObject, tables: FindingTables): Resource[] {
  return arrayAt(finding, 'Resources').flatMap((resource) => {
    const arn = stringAt(resource, 'Id');
    if (arn === undefined) return [];
    const tags = tagsOf(at(resource, 'Tags'));
    return [{ arn, type: typeOf(resource, tables) ?? '', ...(tags !== undefined && { tags }) }];
  });
}

function typeOf(resource: Json, tables: FindingTables): string | undefined {
  return asffResourceType(stringAt(resource, 'Type'), stringAt(resource, 'Id'), tables.oddTypes);
}

function controlOf(finding: JsonObject, findingId: string, resourceTypes: readonly string[], tables: FindingTables): string | undefined {
  const field = (name: string) => stringAt(finding, 'ProductFields', name);
  const standard = standardIn(field('StandardsArn') ?? field('StandardsGuideArn'));
  const number = field('ControlId') ?? field('RuleId');
  const generatorId = stringAt(finding, 'GeneratorId');
  return controlIdOf(
    {
      securityControlId: stringAt(finding, 'Compliance', 'SecurityControlId'),
      generatorId,
      complianceControl: undefined,
      standards: [],
      numbered: [
        standardNumberIn(field('StandardsControlArn')),
        standardNumberIn(generatorId),
        standardNumberIn(findingId),
        standard === undefined || number === undefined ? undefined : { standard, number },
      ],
      resourceTypes,
    },
    tables,
  );
}

function standardsOf(finding: JsonObject, tables: FindingTables): string[] {
  const associated = arrayAt(finding, 'Compliance', 'AssociatedStandards').map((standard) => stringAt(standard, 'StandardsId'));
  if (associated.length > 0) return standardCodes(associated, tables);
  const field = (name: string) => standardIn(stringAt(finding, 'ProductFields', name));
  return standardCodes([field('StandardsArn') ?? field('StandardsGuideArn') ?? standardIn(stringAt(finding, 'GeneratorId'))], tables);
}

function typesOf(finding: JsonObject): string[] {
  const types = textsOf(at(finding, 'Types'));
  return types.length > 0 ? types : textsOf(at(finding, 'FindingProviderFields', 'Types'));
}

function requiresSystemTag(finding: JsonObject, tagKey: string): boolean | undefined {
  for (const parameter of arrayAt(finding, 'Compliance', 'SecurityControlParameters')) {
    if (stringAt(parameter, 'Name') === 'requiredTagKeys') return arrayAt(parameter, 'Value').includes(tagKey);
  }
  return undefined;
}
