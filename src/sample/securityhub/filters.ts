// SPDX-License-Identifier: Apache-2.0
import { AimsError } from '../../evidence/errors.ts';
import { arrayAt, at, isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';

/** A filter or sort of a request that the sample does not know, in the words of an AWS error. */
export class FilterRefused extends AimsError<'SAMPLE_INPUT_REFUSED'> {
  /** What AWS would say. */
  readonly answer: string;

  constructor(answer: string) {
    super('SAMPLE_INPUT_REFUSED', answer);
    this.answer = answer;
  }
}

/** Where each attribute of AwsSecurityFindingFilters that the sample knows stands in a finding. */
const asffPaths: Readonly<Record<string, readonly string[]>> = {
  AwsAccountId: ['AwsAccountId'],
  ComplianceSecurityControlId: ['Compliance', 'SecurityControlId'],
  ComplianceStatus: ['Compliance', 'Status'],
  CreatedAt: ['CreatedAt'],
  GeneratorId: ['GeneratorId'],
  Id: ['Id'],
  ProductArn: ['ProductArn'],
  ProductName: ['ProductName'],
  RecordState: ['RecordState'],
  Region: ['Region'],
  SeverityLabel: ['Severity', 'Label'],
  Title: ['Title'],
  UpdatedAt: ['UpdatedAt'],
  WorkflowStatus: ['Workflow', 'Status'],
};

/** A test of one finding, and the earliest update it can match, so that a page need not begin at the first finding. */
export interface FindingFilter {
  readonly from: number;
  matches(finding: JsonObject): boolean;
}

/** Compiles the filters of GetFindings: attributes are joined by AND, values of one attribute by OR, negative ones by AND. */
export function asffFilter(filters: Json | undefined, now: number): FindingFilter {
  const tests = Object.entries(isJsonObject(filters) ? filters : {}).map(([name, list]) =>
    attributeTest(name, arrayAt({ list }, 'list'), now),
  );
  const updated = arrayAt(filters, 'UpdatedAt').map((filter) => range(filter, now).start);
  return {
    from: updated.length === 0 ? Number.NEGATIVE_INFINITY : Math.min(...updated),
    matches: (finding) => tests.every((test) => test(finding)),
  };
}

function attributeTest(name: string, list: readonly Json[], now: number): (finding: JsonObject) => boolean {
  const path = asffPaths[name];
  if (path === undefined) throw new FilterRefused(`Invalid parameter: Filters.${name} is not known to the sample account`);
  if (list.length > 20) throw new FilterRefused(`Invalid parameter: Filters.${name} has more than 20 values`);
  if (name.endsWith('At')) return dateTest(path, list, now);
  return (finding) => stringTest(stringAt(finding, ...path), list);
}

function dateTest(path: readonly string[], list: readonly Json[], now: number): (finding: JsonObject) => boolean {
  const ranges = list.map((filter) => range(filter, now));
  return (finding) => {
    const time = Date.parse(stringAt(finding, ...path) ?? '');
    return ranges.some(({ start, end }) => time >= start && time <= end);
  };
}

function range(filter: Json, now: number): { readonly start: number; readonly end: number } {
  const days = numberAt(filter, 'DateRange', 'Value');
  if (days !== undefined) return { start: now - days * 86_400_000, end: now };
  const [start, end] = [Date.parse(stringAt(filter, 'Start') ?? ''), Date.parse(stringAt(filter, 'End') ?? '')];
  if (Number.isNaN(start) || Number.isNaN(end))
    throw new FilterRefused('Invalid parameter: a date filter needs Start and End, or DateRange');
  return { start, end };
}

function stringTest(value: string | undefined, list: readonly Json[]): boolean {
  const filters = list.map((one) => ({ wanted: stringAt(one, 'Value') ?? '', comparison: stringAt(one, 'Comparison') ?? '' }));
  const [negative, positive] = [true, false].map((isNegative) =>
    filters.filter(({ comparison }) => comparison.includes('NOT') === isNegative),
  );
  const has = ({ wanted, comparison }: { wanted: string; comparison: string }) => {
    if (value === undefined) return false;
    if (comparison.startsWith('PREFIX')) return value.startsWith(wanted);
    return comparison.endsWith('CONTAINS') ? value.includes(wanted) : value === wanted;
  };
  return (positive?.length === 0 || positive?.some(has) === true) && !negative?.some(has);
}

/** Compiles the filters of GetFindingsV2: the sample knows dates of modification and equal strings, joined by AND. */
export function ocsfFilter(filters: Json | undefined, now: number): FindingFilter {
  let from = Number.NEGATIVE_INFINITY;
  const tests: ((finding: JsonObject) => boolean)[] = [];
  for (const composite of arrayAt(filters, 'CompositeFilters')) {
    for (const date of arrayAt(composite, 'DateFilters')) {
      const path = (stringAt(date, 'FieldName') ?? '').split('.');
      const filter = at(date, 'Filter') ?? {};
      tests.push(dateTest(path, [filter], now));
      if (path.at(-1) === 'modified_time_dt') from = Math.max(from, range(filter, now).start);
    }
    for (const text of arrayAt(composite, 'StringFilters')) {
      const path = (stringAt(text, 'FieldName') ?? '').split('.');
      tests.push((finding) => stringTest(stringAt(finding, ...path), [at(text, 'Filter') ?? {}]));
    }
  }
  return { from, matches: (finding) => tests.every((test) => test(finding)) };
}
