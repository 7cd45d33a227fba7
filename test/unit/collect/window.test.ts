// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { receiptKey } from '../../../src/collect/own-record.ts';
import { nextWindow, planWindow } from '../../../src/collect/window.ts';
import type { EvidenceIndex } from '../../../src/evidence-index/evidence-index.ts';
import type { SeriesEntry, Source } from '../../../src/sources/source.ts';

const now = '2026-11-21T00:00:00.000Z';
const target = (retentionDays: number) => ({
  source: { id: 'macie', window: { overlapHours: 1, retentionDays, fullSweepDays: 7 } } as Source,
  account: '111122223333',
  region: 'eu-west-1',
});

function receipts(...spans: readonly { since: string; until: string; complete?: boolean }[]): EvidenceIndex {
  const key = receiptKey({ source: 'macie', account: '111122223333', region: 'eu-west-1' });
  const entries: SeriesEntry[] = spans.map((span, i) => ({
    recordId: String(i),
    source: 'macie',
    occurredAt: span.until,
    facts: { complete: span.complete ?? true, since: span.since, until: span.until },
  }));
  return { series: async (asked: string) => (asked === key ? entries : []) } as unknown as EvidenceIndex;
}

describe('the next window', () => {
  const sweep = { since: '2026-10-19T00:00:00.000Z', until: '2026-11-18T00:00:00.000Z' };
  const daily = { since: '2026-11-18T23:00:00.000Z', until: '2026-11-20T00:00:00.000Z' };

  it('reaches back thirty days where nothing was read before, or as far as AWS keeps the data', async () => {
    expect(await nextWindow(receipts(), target(90), {}, now)).toEqual({ since: '2026-10-22T00:00:00.000Z', until: now });
    expect(await nextWindow(receipts(), target(10), {}, now)).toEqual({ since: '2026-11-11T00:00:00.000Z', until: now });
  });

  it('starts where the last complete run ended, less the overlap', async () => {
    expect(await nextWindow(receipts(daily, sweep), target(90), {}, now)).toEqual({ since: '2026-11-19T23:00:00.000Z', until: now });
  });

  it('does not trust a run that had gaps', async () => {
    const failed = { since: '2026-11-19T23:00:00.000Z', until: '2026-11-20T23:00:00.000Z', complete: false };
    expect(await nextWindow(receipts(failed, daily, sweep), target(90), {}, now)).toEqual({
      since: '2026-11-19T23:00:00.000Z',
      until: now,
    });
  });

  it('covers what was begun and had gaps, so that it can close them, as far as AWS keeps the data', async () => {
    const failed = { since: '2026-10-21T00:00:00.000Z', until: '2026-11-20T00:00:00.000Z', complete: false };
    expect(await nextWindow(receipts(failed), target(90), {}, now)).toEqual({ since: '2026-10-21T00:00:00.000Z', until: now });
    expect(await nextWindow(receipts(failed), target(30), {}, now)).toEqual({ since: '2026-10-22T00:00:00.000Z', until: now });
    expect(await nextWindow(receipts(daily, failed, sweep), target(90), {}, now)).toMatchObject({ since: '2026-11-19T23:00:00.000Z' });
  });

  it('hands on until when everything was read', async () => {
    const planned = await planWindow(receipts(daily, sweep), target(90), now);
    expect(planned.lastSweep).toBe(sweep.until);
    expect((await planWindow(receipts(), target(90), now)).lastSweep).toBe(now);
  });

  it('sweeps again when the last sweep is a week old', async () => {
    const old = { since: '2026-10-01T00:00:00.000Z', until: '2026-11-10T00:00:00.000Z' };
    expect(await nextWindow(receipts(daily, old), target(90), {}, now)).toEqual({ since: '2026-10-22T00:00:00.000Z', until: now });
  });

  it('is what a person asked for', async () => {
    const asked = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-02T00:00:00.000Z' };
    expect(await nextWindow(receipts(daily, sweep), target(90), asked, now)).toEqual(asked);
  });
});
