// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { QueueState } from '../../../src/runtime/home.ts';
import { buildHomeStatus, type ScopeRun, type StatusFacts } from '../../../src/runtime/home-status.ts';

const now = new Date('2026-11-21T12:00:00Z');

const run = (until: string | null, more: Partial<ScopeRun> = {}): ScopeRun => ({
  run: `run-${until}`,
  finishedAt: until ?? '2026-11-21T11:00:00Z',
  complete: true,
  since: until === null ? null : '2026-11-20T00:00:00Z',
  until,
  ...more,
});

const scope = (runs: readonly ScopeRun[], source = 'macie') => ({ source, account: '111122223333', region: 'eu-west-1', runs });

const healthy: StatusFacts = {
  home: 'aws:AimsEvidence',
  kind: 'real',
  schedules: new Map([['macie', 'rate(1 hour)']]),
  scopes: [scope([run('2026-11-21T11:30:00Z')])],
  runsSince: null,
  waitingRuns: [],
  isIndexLost: false,
  openGaps: [],
  queues: [{ source: 'macie', of: 'runs', waiting: 0, inFlight: 0, deadLetters: 0, problem: null }],
  checkpoint: { size: 4, at: '2026-11-21T11:50:00Z' },
  leaves: 4,
  unsealed: { segments: 0, since: '2026-11-20', more: false },
};

const of = (facts: Partial<StatusFacts>) => buildHomeStatus({ ...healthy, ...facts }, now);
const first = (facts: Partial<StatusFacts>) => of(facts).sources[0];

describe('the status of a home', () => {
  it('needs no attention where every scope was read of late and everything is sealed', () => {
    expect(of({})).toMatchObject({
      home: 'aws:AimsEvidence',
      at: now.toISOString(),
      attention: [],
      sources: [{ source: 'macie', lagSeconds: 1_800, late: false, lastRun: { complete: true }, seenUntil: '2026-11-21T11:30:00Z' }],
      ledger: { checkpoint: { size: 4, ageSeconds: 600 }, unsignedLeaves: 0 },
    });
  });

  it('says first of a deployed home whose index holds nothing that nothing else can be believed', () => {
    expect(of({ isIndexLost: true }).attention).toEqual([
      expect.stringMatching(/the index holds nothing.*aims index rebuild --home aws:AimsEvidence/),
    ]);
  });

  it('calls a scope late after more than two intervals of its schedule, not at two', () => {
    expect(first({ scopes: [scope([run('2026-11-21T10:00:00Z')])] })).toMatchObject({ lagSeconds: 7_200, late: false });
    const late = of({ scopes: [scope([run('2026-11-21T09:59:59Z')])] });
    expect(late.sources[0]).toMatchObject({ lagSeconds: 7_201, late: true });
    expect(late.attention).toEqual([expect.stringContaining('macie 111122223333 eu-west-1 is late: read up to 2026-11-21T09:59:59Z')]);
  });

  it('does not judge what has no even interval: cron, files, the sample account, a source without a schedule', () => {
    const old = [scope([run('2026-11-01T00:00:00Z')])];
    expect(first({ scopes: old })?.late).toBe(true);
    expect(first({ scopes: old, schedules: new Map([['macie', 'cron(0 6 ? * MON-FRI *)']]) })).toMatchObject({ late: null });
    expect(first({ scopes: old, schedules: new Map() })).toMatchObject({ schedule: null, late: null });
    expect(first({ scopes: old, kind: 'sample' })).toMatchObject({ lagSeconds: null, late: null });
    expect(first({ scopes: [scope([run(null)])] })).toMatchObject({ readUntil: null, lagSeconds: null, late: null });
  });

  it('tells what was read from what was seen completely', () => {
    const runs = [run('2026-11-21T11:30:00Z', { complete: false }), run('2026-11-21T08:00:00Z')];
    const status = of({ scopes: [scope(runs)] });
    expect(status.sources[0]).toMatchObject({ readUntil: '2026-11-21T11:30:00Z', seenUntil: '2026-11-21T08:00:00Z', late: false });
    expect(status.attention).toEqual([expect.stringContaining('the last run could not see everything')]);
    expect(first({ scopes: [scope([run('2026-11-21T11:30:00Z', { complete: false })])] })?.seenUntil).toBeNull();
  });

  it('measures lag from the latest window, though an older one was collected again since', () => {
    const again = run('2026-10-01T00:00:00Z', { finishedAt: '2026-11-21T11:55:00Z' });
    expect(first({ scopes: [scope([again, run('2026-11-21T11:30:00Z')])] })).toMatchObject({
      lastRun: { run: again.run },
      readUntil: '2026-11-21T11:30:00Z',
      late: false,
    });
  });

  it('names a deployed source that never ran, unless its first run waits', () => {
    const never = of({ scopes: [] });
    expect(never.sources).toMatchObject([{ source: 'macie', account: '', lastRun: null, late: null }]);
    expect(never.attention).toEqual(['macie has never finished a run']);
    expect(of({ scopes: [], queues: null }).attention).toEqual([]);
    const plannedAt = '2026-11-21T11:58:00Z';
    const waitingRuns = [{ run: 'r-1', source: 'macie', account: '111122223333', region: 'eu-west-1', plannedAt }];
    expect(of({ scopes: [], waitingRuns })).toMatchObject({ sources: [], attention: [], waitingRuns: [{ ageSeconds: 120 }] });
  });

  it('puts the oldest waiting run first and asks for attention when it waits for hours', () => {
    const waiting = (id: string, plannedAt: string) => ({ run: id, source: 'macie', account: '1', region: 'r', plannedAt });
    const status = of({ waitingRuns: [waiting('young', '2026-11-21T11:00:00Z'), waiting('old', '2026-11-21T05:00:00Z')] });
    expect(status.waitingRuns.map((one) => one.run)).toEqual(['old', 'young']);
    expect(status.attention).toEqual([expect.stringContaining('run old was planned at 2026-11-21T05:00:00Z')]);
    expect(of({ waitingRuns: [waiting('young', '2026-11-21T11:00:00Z')] }).attention).toEqual([]);
  });

  it('counts open gaps by source and reason', () => {
    const openGaps = [
      { source: 'macie', reason: 'off' },
      { source: 'cloudtrail', reason: 'denied' },
      { source: 'macie', reason: 'off' },
    ] as const;
    expect(of({ openGaps }).gaps).toEqual({
      open: 3,
      by: [
        { source: 'cloudtrail', reason: 'denied', open: 1 },
        { source: 'macie', reason: 'off', open: 2 },
      ],
    });
  });

  it('asks for attention for dead letters and for a queue that cannot be read', () => {
    const queue = (more: Partial<QueueState>): QueueState => ({
      source: 'macie',
      of: 'events',
      waiting: 3,
      inFlight: 1,
      deadLetters: 0,
      problem: null,
      ...more,
    });
    expect(of({ queues: [queue({})] }).attention).toEqual([]);
    expect(of({ queues: [queue({ deadLetters: 2 })] }).attention).toEqual([expect.stringContaining('has 2 dead letter(s)')]);
    const denied = of({ queues: [queue({ waiting: null, deadLetters: null, problem: 'AWS_DENIED: sqs:GetQueueAttributes' })] });
    expect(denied.attention).toEqual([expect.stringContaining('sqs:GetQueueAttributes')]);
  });

  it('asks for attention for what waits for its seal longer than two rounds of sealing', () => {
    const unsealed = { segments: 2, since: '2026-11-20', more: false };
    expect(of({ unsealed }).attention).toEqual([]);
    const old = { size: 4, at: '2026-11-21T11:00:00Z' };
    expect(of({ unsealed, checkpoint: old }).attention).toEqual(['2 segment(s) are not sealed yet']);
    expect(of({ unsealed, checkpoint: null, leaves: 0 }).attention).toEqual(['2 segment(s) are not sealed yet']);
    expect(of({ checkpoint: old, leaves: 6 })).toMatchObject({
      ledger: { unsignedLeaves: 2 },
      attention: [expect.stringContaining('not signed')],
    });
  });
});
