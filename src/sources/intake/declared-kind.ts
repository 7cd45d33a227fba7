// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { RecordKind } from './recognise-record.ts';

const asff: RecordKind = { source: 'securityhub', shape: 'asff' };

/**
 * What events carry, by the sender and the kind that the envelope names, which only AWS can write (`aws.` is refused to others):
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html,
 * https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html (read 2026-11).
 */
const declared: Readonly<Record<string, RecordKind>> = {
  'aws.securityhub Security Hub Findings - Imported': asff,
  'aws.securityhub Security Hub Findings - Custom Action': asff,
  'aws.securityhub Findings Imported V2': { source: 'securityhub', shape: 'ocsf' },
  'aws.macie Macie Finding': { source: 'macie', shape: 'finding' },
};

/** What the envelope of an EventBridge event says that it carries; null where it is none that we know by its envelope. */
export function declaredKind(envelope: JsonObject): RecordKind | null {
  const [sender, type] = [String(envelope['source']), String(envelope['detail-type'])];
  const name = `${sender} ${type}`;
  if (Object.hasOwn(declared, name)) return declared[name] ?? null;
  // Sent in the name of the service that was called: "AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail" and more.
  if (!sender.startsWith('aws.') || !type.endsWith(' via CloudTrail')) return null;
  return { source: 'cloudtrail', shape: type.includes(' Insight ') ? 'insight' : 'event' };
}
