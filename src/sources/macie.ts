// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../evidence/gap.ts';
import { isJsonObject, type Json } from '../evidence/json.ts';
import type { Interpretation, RawItem } from '../evidence/observation.ts';
import { archivedLater } from './macie/derivations.ts';
import { interpretFinding } from './macie/interpret-finding.ts';
import { interpretState } from './macie/interpret-state.ts';
import { findingRetentionDays } from './macie/job-facts.ts';
import { readMacie } from './macie/read-macie.ts';
import type { Source, SourceSettings } from './source.ts';

// Never here: macie2:GetSensitiveDataOccurrences and its Availability call, which give samples of the sensitive data itself.
const actions = [
  'macie2:DescribeBuckets',
  'macie2:DescribeClassificationJob',
  'macie2:GetAutomatedDiscoveryConfiguration',
  'macie2:GetBucketStatistics',
  'macie2:GetClassificationExportConfiguration',
  'macie2:GetFindingStatistics',
  'macie2:GetFindings',
  'macie2:GetMacieSession',
  'macie2:ListClassificationJobs',
  'macie2:ListFindings',
  'macie2:ListFindingsFilters',
] as const;

/** Amazon Macie: sensitive data and policy findings, discovery jobs, coverage of buckets, and whether it is on. */
export function createMacie(settings: SourceSettings): Source {
  return {
    id: 'macie',
    title: 'Amazon Macie',
    actions,
    schedule: 'rate(1 hour)',
    // Archiving changes no time of a finding, so only the full sweep sees it: weekly.
    window: { overlapHours: 1, retentionDays: findingRetentionDays, fullSweepDays: 7 },
    identity:
      'A finding: account, Region and finding id. A state: account, Region and what it is of (job id, bucket name, filter id, setting).',
    versionKey:
      'A finding: updatedAt to the second, count, archived; and the step when a live sweep sees it open for more than 30 days. ' +
      'A state: its content, and the values of facts that other answers or the time of the sweep decide; a refused session: its state and error code.',
    eventPatterns: [{ source: ['aws.macie'], 'detail-type': ['Macie Finding'] }],
    derivations: [archivedLater],
    read: (connection, scope) => readMacie(connection, scope, settings.declarations.scope),
    interpret,
  };
}

function interpret(item: RawItem, value: Json): readonly Interpretation[] {
  if (!isJsonObject(value)) return [{ gap: notAnObject(item) }];
  switch (item.shape) {
    case 'finding':
      return interpretFinding(item, value);
    case 'state':
      return interpretState(item, value);
    default:
      return [{ gap: unknownShape(item) }];
  }
}

function notAnObject(item: RawItem): Gap {
  const message = 'A finding or state of Macie is a JSON object, and this is none: check how the file was written.';
  return { reason: 'malformed', extent: 'item', what: whatOf(item), message, code: null, detail: {} };
}

function unknownShape(item: RawItem): Gap {
  const message = gapMessage(`Macie has no reader for the shape ${item.shape}.`, 'report it, with the version of this program');
  return { reason: 'unsupported', extent: 'item', what: whatOf(item), message, code: null, detail: { shape: item.shape } };
}

function whatOf({ channel, shape }: RawItem): string {
  return channel.kind === 'file' ? channel.path : `macie ${shape}`;
}
