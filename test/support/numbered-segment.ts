// SPDX-License-Identifier: Apache-2.0
import type { ProjectedSegment } from '../../src/evidence-index/evidence-index.ts';
import { indexRecord, indexSegment } from './index-record.ts';

const controls = [{ control: 'A.6.2.4', rule: 'r', strength: 'partial', polarity: 'supports' }] as const;

/** Segment of 200 records; half of each also stand in the segment before, every fourth is a state of a few findings. */
export function numberedSegment(n: number): ProjectedSegment {
  const records = Array.from({ length: 200 }, (_, m) => {
    const name = n * 100 + m;
    const isState = name % 4 === 0;
    return indexRecord({
      name: `record ${name}`,
      kind: isState ? 'state' : 'activity',
      occurredAt: new Date(Date.UTC(2026, 9, 1) + (name % 977) * 60_000).toISOString(),
      controls: name % 2 === 0 ? controls : [],
      findingKey: isState ? `finding ${name % 13}` : null,
      run: `run ${n % 3}`,
    });
  });
  return indexSegment(`segment-${String(n).padStart(5, '0')}`, records);
}
