// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../evidence/gap.ts';
import { isJsonObject, type Json } from '../evidence/json.ts';
import type { Interpretation, RawItem } from '../evidence/observation.ts';
import { aiTypesKnown, approvedBeforeDeploy, approverIsSubmitter, organizationPolicyType } from './cloudtrail/derivations.ts';
import { cloudTrailPatterns } from './cloudtrail/event-sources.ts';
import { interpretDigest } from './cloudtrail/interpret-digest.ts';
import { interpretEvent } from './cloudtrail/interpret-event.ts';
import { interpretState } from './cloudtrail/interpret-state.ts';
import { logAddress } from './cloudtrail/log-place.ts';
import { readCloudTrail } from './cloudtrail/read-cloudtrail.ts';
import { readNamedLog } from './cloudtrail/read-named-log.ts';
import type { Source, SourceSettings } from './source.ts';

/** Days that LookupEvents keeps management events. */
const eventRetentionDays = 90;

const actions = [
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetEventSelectors',
  'cloudtrail:GetTrailStatus',
  'cloudtrail:ListPublicKeys',
  'cloudtrail:LookupEvents',
  's3:GetObject',
  's3:ListBucket',
  'kms:Decrypt',
] as const;

/** AWS CloudTrail: management events, Insights, the state of trails, and the proof of its log files by digest files. */
export function createCloudTrail(settings: SourceSettings): Source {
  return {
    id: 'cloudtrail',
    title: 'AWS CloudTrail',
    actions,
    schedule: 'rate(15 minutes)',
    // Events come within minutes, not guaranteed: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
    window: { overlapHours: 1, retentionDays: eventRetentionDays, fullSweepDays: 25 },
    identity:
      'An event: its eventID, alike by LookupEvents, EventBridge and log file. A state: the ARN of the trail. A digest file: its bucket and key.',
    versionKey:
      'An event has one version. A state: its content, and facts that time or other trails decide. A digest file: its content and the result of its check.',
    eventPatterns: cloudTrailPatterns,
    derivations: [aiTypesKnown, approvedBeforeDeploy, approverIsSubmitter, organizationPolicyType],
    read: (connection, scope) => readCloudTrail(connection, scope, settings.declarations.scope),
    objects: { below: 'trailLocations', ownerOf: logAddress, read: readNamedLog },
    interpret,
  };
}

function interpret(item: RawItem, value: Json): readonly Interpretation[] {
  if (!isJsonObject(value)) return [{ gap: itemGap(item, 'malformed', 'A CloudTrail item that is no JSON object.') }];
  switch (item.shape) {
    case 'event':
    case 'insight':
      return [{ observation: interpretEvent(item, value) }];
    case 'state':
      return [interpretState(item, value)];
    case 'digest':
      return [{ observation: interpretDigest(item, value) }];
    default:
      return [{ gap: itemGap(item, 'unsupported', unknownShape(item)) }];
  }
}

function unknownShape({ shape }: RawItem): string {
  return gapMessage(`CloudTrail items of the shape "${shape}" are not known.`, 'report it, with the version of this program');
}

function itemGap(item: RawItem, reason: Gap['reason'], message: string): Gap {
  const what = item.channel.kind === 'file' ? item.channel.path : 'cloudtrail';
  return { reason, extent: 'item', what, message, code: null, detail: {} };
}
