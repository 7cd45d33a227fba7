// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { unpackIndexViews } from '../../../src/collect/index-views.ts';
import type { SealedObservation } from '../../../src/collect/item-pipeline.ts';
import { packRecords } from '../../../src/collect/packed-records.ts';
import { decodeForIndex } from '../../../src/evidence/decode-record.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { projectSegment } from '../../../src/evidence-index/project-segment.ts';
import { laptopTools } from '../../../src/runtime/laptop-tools.ts';
import { trailRecord } from '../../support/intake.ts';
import { sealContext as context } from '../../support/seal-context.ts';

const { pipeline } = laptopTools(noDeclarations);
function sealed(text: string): SealedObservation {
  const channel = { kind: 'api', requestId: 'r-1' } as const;
  const place = { partition: 'aws', account: '111122223333', region: 'eu-west-1', sweptAt: context.collectedAt };
  const [read] = pipeline.interpret({ source: 'cloudtrail', shape: 'event', text, channel, context: place });
  if (read === undefined || !('observation' in read)) throw new RangeError('not read');
  const one = pipeline.seal(read.observation, channel, context, { accountsWithAi: new Set(), final: true });
  if (one === null) throw new RangeError('not sealed');
  return one;
}

describe('what the index is told of sealed observations', () => {
  it('makes the entries that their lines make', () => {
    const events = [
      trailRecord('e-1'),
      trailRecord('e-2', { eventName: 'InvokeEndpoint', eventSource: 'sagemaker.amazonaws.com' }),
      trailRecord('e-3', { awsRegion: 'us-east-1' }),
      trailRecord('e-4', { eventName: 'StopLogging', eventSource: 'cloudtrail.amazonaws.com' }),
    ];
    const records = events.map(sealed);
    const packed = packRecords('cloudtrail', records);
    const lines = Buffer.from(packed.raw).toString().trimEnd().split('\n');
    const project = (read: Parameters<typeof projectSegment>[0]['records']) =>
      projectSegment({ key: 'k', sha256: 's', records: read }, () => false);
    const told = project(unpackIndexViews(packed.views, packed.ids));
    expect(told).toHaveLength(4);
    expect(told).toEqual(project(lines.map(decodeForIndex)));
    expect(told.some(({ counted }) => counted.length > 0)).toBe(true);
  });
});
