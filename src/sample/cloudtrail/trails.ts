// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { SampleWorld } from '../world.ts';
import { dayMs, hourMs, minuteMs } from './sample-record.ts';

/** A trail of the sample with the answers of the calls about it. */
export interface SampleTrail {
  readonly description: JsonObject;
  readonly status: JsonObject;
  readonly selectors: JsonObject;
}

const dataTypes = ['AWS::SageMaker::Endpoint', 'AWS::Bedrock::Guardrail', 'AWS::Bedrock::KnowledgeBase'];

/** Trails of one account: production records and delivers everywhere; claims records, but its bucket refuses the files. */
export function sampleTrails(world: SampleWorld, account: string): readonly SampleTrail[] {
  const now = Date.parse(world.until);
  if (account === '111122223333') return [productionTrail(account, now)];
  return account === '444455556666' ? [claimsTrail(account, now)] : [];
}

// AWS JSON writes times as epoch seconds.
function seconds(instant: number): number {
  return instant / 1000;
}

function productionTrail(account: string, now: number): SampleTrail {
  const TrailARN = `arn:aws:cloudtrail:eu-west-1:${account}:trail/management-trail`;
  const select = (Name: string, ...FieldSelectors: JsonObject[]) => ({ Name, FieldSelectors });
  const data = dataTypes.map((type) =>
    select(`${type} data events`, { Field: 'eventCategory', Equals: ['Data'] }, { Field: 'resources.type', Equals: [type] }),
  );
  return {
    description: trailDescription({ name: 'management-trail', arn: TrailARN, bucket: 'acme-audit-trail', isEverywhere: true }),
    status: {
      IsLogging: true,
      LatestDeliveryTime: seconds(now - 6 * minuteMs),
      LatestDigestDeliveryTime: seconds(now - 40 * minuteMs),
      StartLoggingTime: seconds(now - 400 * dayMs),
      LatestDeliveryAttemptSucceeded: new Date(now - 6 * minuteMs).toISOString(),
    },
    selectors: {
      TrailARN,
      AdvancedEventSelectors: [select('Management events', { Field: 'eventCategory', Equals: ['Management'] }), ...data],
    },
  };
}

function claimsTrail(account: string, now: number): SampleTrail {
  const TrailARN = `arn:aws:cloudtrail:eu-west-1:${account}:trail/claims-trail`;
  return {
    description: trailDescription({ name: 'claims-trail', arn: TrailARN, bucket: 'acme-claims-trail', isEverywhere: false }),
    status: {
      IsLogging: true,
      LatestDeliveryError: 'AccessDenied',
      LatestDeliveryTime: seconds(now - 9 * dayMs),
      StartLoggingTime: seconds(now - 200 * dayMs - hourMs),
    },
    selectors: {
      TrailARN,
      EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] }],
    },
  };
}

function trailDescription(about: { name: string; arn: string; bucket: string; isEverywhere: boolean }): JsonObject {
  return {
    Name: about.name,
    S3BucketName: about.bucket,
    IncludeGlobalServiceEvents: true,
    IsMultiRegionTrail: about.isEverywhere,
    HomeRegion: 'eu-west-1',
    TrailARN: about.arn,
    LogFileValidationEnabled: about.isEverywhere,
    HasCustomEventSelectors: about.isEverywhere,
    HasInsightSelectors: about.isEverywhere,
    IsOrganizationTrail: false,
  };
}
