// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { remedyOf } from '../gap-remedy.ts';
import type { Connection } from '../source.ts';
import { gapOfFailure, readFailure } from '../source-error.ts';
import { parseS3Uri } from './open-s3.ts';

/** IAM action that whoever asks `eventDeliveryGaps` needs on the buckets. */
export const eventDeliveryAction = 's3:GetBucketNotification';

/**
 * Buckets of reports and log files that do not tell EventBridge of new objects: these are found by polling only. Asked is nothing but the
 * buckets that the configuration names, and nothing is changed: a bucket's notifications are its owner's.
 */
export async function* eventDeliveryGaps(connection: Connection, locations: readonly string[]): AsyncGenerator<Gap> {
  const buckets = new Set(locations.flatMap((location) => parseS3Uri(location)?.bucket ?? []));
  if (buckets.size === 0) return;
  const sdk = await import('@aws-sdk/client-s3');
  const client = new sdk.S3Client({ ...connection.clientConfig, region: connection.region, followRegionRedirects: true });
  try {
    for (const bucket of [...buckets].sort()) {
      try {
        const answer = await client.send(new sdk.GetBucketNotificationConfigurationCommand({ Bucket: bucket }));
        if (answer.EventBridgeConfiguration === undefined) yield silentGap(bucket);
      } catch (error) {
        const failure = readFailure(error);
        const gap = gapOfFailure(eventDeliveryAction, failure);
        yield {
          ...gap,
          message: gapMessage(
            `Whether ${bucket} tells EventBridge of new files is not known: ${failure.message}.`,
            gap.reason === 'denied'
              ? `allow ${eventDeliveryAction} on it to the role of \`self-audit\`; where another account owns the bucket, in the bucket's policy`
              : remedyOf(eventDeliveryAction, failure, gap.reason),
          ),
          detail: { ...gap.detail, bucket },
        };
      }
    }
  } finally {
    client.destroy();
  }
}

function silentGap(bucket: string): Gap {
  return {
    reason: 'not-configured',
    extent: 'scope',
    what: `s3://${bucket}`,
    message: gapMessage(
      `${bucket} does not send its events to EventBridge: its reports or log files are found by the next scheduled read.`,
      'turn on "Send notifications to Amazon EventBridge" in the bucket\'s properties, to have them at once',
    ),
    code: 'BUCKET_EVENTS_OFF',
    detail: { bucket },
  };
}
