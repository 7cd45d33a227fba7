// SPDX-License-Identifier: Apache-2.0
import type { Json, JsonObject } from '../../src/evidence/json.ts';
import type { Channel, Interpretation, Observation, RawItem, Reading } from '../../src/evidence/observation.ts';
import { type Declarations, noDeclarations } from '../../src/evidence/scope-file.ts';
import type { SampleServer } from '../../src/sample/server.ts';
import { createMacie } from '../../src/sources/macie.ts';
import type { Scope, Source } from '../../src/sources/source.ts';
import { asDefined } from './defined-facts.ts';

/** Time of the sweep in tests of Macie. */
export const sweptAt = '2026-11-11T00:00:00Z';

/** A sensitive data finding as GetFindings puts it on the wire. */
export const sensitiveFinding: JsonObject = {
  accountId: '111122223333',
  archived: false,
  category: 'CLASSIFICATION',
  classificationDetails: {
    detailedResultsLocation: 's3://[export-config-not-set]/AWSLogs/111122223333/Macie/eu-west-1/0a1b/9f.jsonl.gz',
    jobArn: 'arn:aws:macie2:eu-west-1:111122223333:classification-job/0a1b',
    jobId: '0a1b',
    originType: 'SENSITIVE_DATA_DISCOVERY_JOB',
    result: {
      additionalOccurrences: false,
      customDataIdentifiers: { detections: [], totalCount: 0 },
      mimeType: 'text/csv',
      sensitiveData: [
        {
          category: 'CREDENTIALS',
          detections: [{ count: 1, occurrences: { lineRanges: [{ end: 3, start: 3, startColumn: 9 }] }, type: 'AWS_CREDENTIALS' }],
          totalCount: 1,
        },
      ],
      sizeClassified: 811,
      status: { code: 'COMPLETE' },
    },
  },
  count: 1,
  createdAt: '2026-11-03T13:47:03.127Z',
  description: 'The S3 object contains credentials.',
  id: '5f0e8c9d7b6a4f3e2d1c0b9a88776655',
  partition: 'aws',
  region: 'eu-west-1',
  resourcesAffected: {
    s3Bucket: {
      arn: 'arn:aws:s3:::amzn-s3-demo-train',
      createdAt: '2026-01-03T10:00:00.000Z',
      defaultServerSideEncryption: { encryptionType: 'aws:kms', kmsMasterKeyId: null },
      name: 'amzn-s3-demo-train',
      owner: { displayName: 'demo', id: 'a1b2' },
      tags: [{ key: 'ai-system', value: 'claims-triage' }],
    },
    s3Object: {
      bucketArn: 'arn:aws:s3:::amzn-s3-demo-train',
      extension: 'csv',
      key: 'incoming/0001.csv',
      path: 'amzn-s3-demo-train/incoming/0001.csv',
      publicAccess: false,
      size: 811,
      storageClass: 'STANDARD',
      tags: [],
      versionId: '',
    },
  },
  sample: false,
  schemaVersion: '1.0',
  severity: { description: 'High', score: 3 },
  title: 'The S3 object contains credentials.',
  type: 'SensitiveData:S3Object/Credentials',
  updatedAt: '2026-11-03T13:47:03.127Z',
};

/** The same finding as EventBridge delivers it in `detail`: whole seconds, and `null` where GetFindings leaves a member out. */
export const eventDetail: JsonObject = {
  ...sensitiveFinding,
  createdAt: '2026-11-03T13:47:03Z',
  updatedAt: '2026-11-03T13:47:03Z',
  policyDetails: null,
};

/** The same finding as boto3 prints it into a file. */
export const savedFinding: JsonObject = {
  ...sensitiveFinding,
  createdAt: '2026-11-03 13:47:03.127000+00:00',
  updatedAt: '2026-11-03 13:47:03.127000+00:00',
};

/** The Macie source with the declarations given, or with none. */
export function macie(declarations: Declarations = noDeclarations): Source {
  return createMacie({ tables: {}, declarations });
}

const api: Channel = { kind: 'api', requestId: 'r-1' };

/** A finding as an item of a channel; what the file reader does not know is empty. */
export function findingItem(detail: JsonObject, channel: Channel = api, at: string = sweptAt): RawItem {
  const known = channel.kind !== 'file';
  const context = { partition: 'aws', account: known ? '111122223333' : '', region: known ? 'eu-west-1' : '', sweptAt: at };
  return { source: 'macie', shape: 'finding', text: JSON.stringify(detail), channel, context };
}

/** The answer of one operation as a state item. */
export function stateItem(operation: string, detail: JsonObject, more: JsonObject = {}): RawItem {
  const context = { partition: 'aws', account: '111122223333', region: 'eu-west-1', sweptAt, operation, ...more };
  return { source: 'macie', shape: 'state', text: JSON.stringify(detail), channel: api, context };
}

/** Observations of an item; fails where it gives a gap, and on a fact that is not as defined. */
export function observe(item: RawItem): readonly Observation[] {
  return macie()
    .interpret(item, JSON.parse(item.text) as Json)
    .map(observationOf);
}

/** The first observation of an item. */
export function observeOne(item: RawItem): Observation {
  const [first] = observe(item);
  if (first === undefined) throw new Error('no observation');
  return first;
}

function observationOf(interpretation: Interpretation): Observation {
  if ('gap' in interpretation) throw new Error(`a gap: ${JSON.stringify(interpretation.gap)}`);
  return asDefined(interpretation.observation);
}

/** A scope of the sample world, thirty days long. */
export function sampleScope(account: string, region: string): Scope {
  const window = { since: '2026-10-12T00:00:00Z', until: '2026-11-11T00:00:00Z' };
  return { partition: 'aws', account, region, window, sweptAt, reportLocations: [] };
}

/** Everything that the source reads from a server in one scope. */
export async function readAll(server: SampleServer, scope: Scope, source: Source = macie()): Promise<readonly Reading[]> {
  const clientConfig = { region: scope.region, endpoint: server.endpoint, credentials: server.credentials(scope.account), maxAttempts: 3 };
  const readings: Reading[] = [];
  for await (const reading of source.read({ region: scope.region, channel: 'sample', clientConfig }, scope)) readings.push(reading);
  return readings;
}

/** The items among readings, of one operation where it is named (`finding` for findings). */
export function itemsOf(readings: readonly Reading[], operation?: string): readonly RawItem[] {
  const items = readings.flatMap((reading) => ('item' in reading ? [reading.item] : []));
  return operation === undefined ? items : items.filter((item) => (item.context['operation'] ?? 'finding') === operation);
}

/** The gaps among readings as `reason what`. */
export function gapsOf(readings: readonly Reading[]): readonly string[] {
  return readings.flatMap((reading) => ('gap' in reading ? [`${reading.gap.reason} ${reading.gap.what}`] : []));
}
