// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { sourceIds } from '../../../src/evidence/observation.ts';
import { configurationSchema } from '../../../src/runtime/deployment/configuration-schema.ts';
import { assume } from '../../../src/runtime/deployment/cost-assumptions.ts';
import { type PlanInput, planDeployment } from '../../../src/runtime/deployment/plan-deployment.ts';
import { deployedSources } from '../../../src/runtime/deployment/source-declarations.ts';

const sources = deployedSources({ sources: [...sourceIds] });

function planOf(configuration: object = {}, input: Partial<PlanInput> = {}) {
  const base = { configuration: configurationSchema.parse(configuration), sources, on: '2026-11-22', accountsCount: null };
  return planDeployment({ ...base, assumptions: assume([]), ...input });
}

describe('what a plan says is collected', () => {
  it('is every source in the own account by default', () => {
    const { accounts, regions, collects, work } = planOf();
    expect(accounts).toEqual({ from: 'own account', count: 1, note: null });
    expect(regions).toEqual([]);
    expect(collects.map(({ source }) => source)).toEqual(sources.map(({ id }) => id));
    expect(collects).toHaveLength(sourceIds.length);
    expect(work).toMatchObject({ scopes: 1, runs: (96 + 4 + 24 + 4 + 4) * 30, plans: (96 + 4 + 24 + 4 + 4) * 30 });
  });

  it('is accounts × Regions, with the schedules that the configuration sets', () => {
    const { accounts, collects, work } = planOf({
      accounts: ['111122223333', '444455556666', '777788889999'],
      regions: ['eu-west-1', 'us-east-1'],
      sources: ['macie'],
      schedules: { macie: 'rate(1 day)' },
    });
    expect(accounts).toEqual({ from: 'list', count: 3, note: null });
    expect(collects).toMatchObject([{ source: 'macie', schedule: 'rate(1 day)', runsPerDay: 1 }]);
    expect(work).toMatchObject({ scopes: 6, plans: 30, runs: 180 });
  });

  it('says that the size of an organisation is a guess until someone tells it', () => {
    const unknown = planOf({ accounts: { organization: true } });
    expect(unknown.accounts).toMatchObject({ from: 'organization', count: 1, note: expect.stringContaining('--accounts-count') });
    const told = planOf({ accounts: { organization: true } }, { accountsCount: 200 });
    expect(told.accounts).toMatchObject({ from: 'organization', count: 200 });
    expect(told.work.runs).toBe(200 * unknown.work.runs);
    expect(planOf({ accounts: { organizationalUnits: ['ou-ab12-cdef'] } }, { accountsCount: 9 }).accounts.from).toBe(
      'organizational units',
    );
  });

  it('counts no events where the configuration wants none', () => {
    expect(planOf().work.events).toBeGreaterThan(0);
    const without = planOf({ events: false });
    expect(without.work).toMatchObject({ events: 0, eventBatches: 0 });
    expect(without.collects.map(({ events }) => events)).toEqual(sourceIds.map(() => 0));
    expect(without.missing.map(({ setting }) => setting)).toContain('events');
  });
});

describe('what a plan says is kept', () => {
  it.each([
    [{}, '2026-11-22', { lockMode: 'GOVERNANCE', retentionDays: 1_100, deletableFrom: '2029-11-27' }],
    [{ vault: { retentionDays: 1 } }, '2028-02-28', { lockMode: 'GOVERNANCE', retentionDays: 1, deletableFrom: '2028-03-01' }],
    [{ vault: { lockMode: 'COMPLIANCE', retentionDays: 365 } }, '2026-11-22', { lockMode: 'COMPLIANCE', deletableFrom: '2027-11-23' }],
    [{ profile: 'dev' }, '2026-11-22', { lockMode: 'NONE', retentionDays: 0, deletableFrom: '2026-11-22' }],
  ])('%j, deployed on %s', (configuration, on, kept) => {
    expect(planOf(configuration, { on }).keeps).toMatchObject({ firstWritten: on, ...kept });
  });
});

describe('what a plan says is missing', () => {
  it('names each setting that the defaults lack, gaps first', () => {
    const { missing } = planOf();
    expect(missing.filter(({ gaps }) => gaps).map(({ setting }) => setting)).toEqual(['reportLocations', 'trailBuckets']);
    expect(missing.map(({ setting }) => setting)).toEqual(expect.arrayContaining(['trailBuckets', 'regions', 'scopeFile', 'alarmEmail']));
  });

  it('is nothing where everything is set', () => {
    const whole = {
      regions: ['eu-west-1'],
      reportLocations: ['s3://reports/'],
      trailBuckets: [{ location: 's3://trail/AWSLogs/', keyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' }],
      scopeFile: 'scope.yaml',
      thresholdsFile: 'thresholds.yaml',
      approvalsFile: 'approvals.yaml',
      alarmEmail: 'owner@example.com',
    };
    expect(planOf(whole).missing).toEqual([]);
  });

  it('asks for nothing that no chosen source needs', () => {
    const settings = planOf({ sources: ['macie'] }).missing.map(({ setting }) => setting);
    expect(settings).toContain('regions');
    expect(settings).not.toContain('trailBuckets');
    expect(settings).not.toContain('reportLocations');
  });
});

describe('the plan as a whole', () => {
  it('says what each function may do, from the same declaration that the stack is made of', () => {
    const { roles } = planOf({ sources: ['macie'] });
    expect(roles.map(({ name }) => name)).toEqual(['plan', 'collect-macie', 'project', 'seal', 'self-audit']);
    const macie = roles.find(({ name }) => name === 'collect-macie');
    expect(macie?.grants.flatMap(({ actions }) => actions)).toContain('macie2:GetFindings');
    expect(macie?.denies).toContain('macie2:GetSensitiveDataOccurrences');
  });

  it('shows the role of each other account, where there are others', () => {
    expect(planOf().memberRole).toBeNull();
    const { memberRole } = planOf({ accounts: ['111122223333'], sources: ['macie'] });
    expect(memberRole).toMatchObject({ name: 'AimsEvidenceRead' });
    expect(memberRole?.grants.flatMap(({ actions }) => actions)).toContain('macie2:ListFindings');
  });

  it('is the same for the same input', () => {
    expect(JSON.stringify(planOf())).toBe(JSON.stringify(planOf()));
  });
});
