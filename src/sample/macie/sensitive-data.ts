// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../../evidence/json.ts';

/** A kind of sensitive data finding of the sample: what Macie would say of it. */
interface SensitiveKind {
  readonly name: 'Personal' | 'Financial' | 'Credentials' | 'Multiple' | 'CustomIdentifier';
  readonly title: string;
  readonly description: string;
  readonly severity: { readonly description: string; readonly score: number };
  readonly extension: string;
  readonly mimeType: string;
  readonly detections: readonly { readonly category: string; readonly type: string; readonly count: number }[];
  readonly status: JsonObject;
}

const low = { description: 'Low', score: 1 };
const medium = { description: 'Medium', score: 2 };
const high = { description: 'High', score: 3 };
const complete = { code: 'COMPLETE' };
const personal = 'PERSONAL_INFORMATION';
const financial = 'FINANCIAL_INFORMATION';

/** The kinds that the sample's findings are of. */
export const sensitiveKinds: readonly SensitiveKind[] = [
  kind(
    'Personal',
    medium,
    ['csv', 'text/csv'],
    [
      { category: personal, type: 'NAME', count: 40 },
      { category: personal, type: 'ADDRESS', count: 12 },
    ],
  ),
  kind('Personal', low, ['txt', 'text/plain'], [{ category: personal, type: 'EMAIL_ADDRESS', count: 3 }]),
  kind('Financial', high, ['jsonl', 'application/json'], [{ category: financial, type: 'BANK_ACCOUNT_NUMBER', count: 17 }]),
  kind('Credentials', high, ['txt', 'text/plain'], [{ category: 'CREDENTIALS', type: 'AWS_CREDENTIALS', count: 1 }]),
  kind(
    'Multiple',
    high,
    ['csv', 'text/csv'],
    [
      { category: personal, type: 'NAME', count: 31 },
      { category: financial, type: 'CREDIT_CARD_NUMBER', count: 9 },
    ],
  ),
  kind('CustomIdentifier', medium, ['jsonl', 'application/json'], []),
  {
    ...kind('Personal', medium, ['zip', 'application/zip'], [{ category: personal, type: 'NAME', count: 8 }]),
    status: { code: 'PARTIAL', reason: 'ARCHIVE_CONTAINS_UNPROCESSED_FILES' },
  },
];

function kind(
  name: SensitiveKind['name'],
  severity: SensitiveKind['severity'],
  [extension, mimeType]: readonly [string, string],
  detections: SensitiveKind['detections'],
): SensitiveKind {
  const words = {
    Personal: 'personal information',
    Financial: 'financial information',
    Credentials: 'credentials',
    Multiple: 'multiple categories of sensitive data',
    CustomIdentifier: 'text that matches a custom data identifier',
  };
  const title = `The S3 object contains ${words[name]}.`;
  return { name, title, description: title, severity, extension, mimeType, detections, status: complete };
}

/** `classificationDetails.result` of a finding: types, counts and places, never the data itself. */
export function sensitiveResult(of: SensitiveKind, i: number, arnPrefix: string): JsonObject {
  const categories = [...new Set(of.detections.map((detection) => detection.category))];
  return {
    additionalOccurrences: of.detections.some((detection) => detection.count > 15),
    customDataIdentifiers: customIdentifiers(of, arnPrefix),
    mimeType: of.mimeType,
    sensitiveData: categories.map((category) => {
      const detections = of.detections.filter((detection) => detection.category === category);
      return {
        category,
        detections: detections.map(({ type, count }) => ({ count, occurrences: occurrences(of.extension, i), type })),
        totalCount: detections.reduce((sum, { count }) => sum + count, 0),
      };
    }),
    sizeClassified: 8_000 + i,
    status: of.status,
  };
}

function customIdentifiers(of: SensitiveKind, arnPrefix: string): JsonObject {
  if (of.name !== 'CustomIdentifier') return { detections: [], totalCount: 0 };
  const arn = `${arnPrefix}:custom-data-identifier/3293a69d-4a1e-4a07-8715-208ddexample`;
  return { detections: [{ arn, count: 4, name: 'policy-number' }], totalCount: 4 };
}

function occurrences(extension: string, i: number): Json {
  switch (extension) {
    case 'csv':
      return { cells: [{ cellReference: null, column: 3, columnName: 'applicant_name', row: 2 + (i % 40) }] };
    case 'jsonl':
      return { records: [{ jsonPath: '$.customer.account', recordIndex: i % 100 }] };
    default:
      return { lineRanges: [{ end: 4 + i, start: 4 + i, startColumn: 10 }] };
  }
}
