// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { noMemory } from '../../../../src/collect/window-memory.ts';
import type { SourceId } from '../../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../../src/evidence/scope-file.ts';
import { isPlanned, unreadPlaceGaps } from '../../../../src/runtime/aws/place-readers.ts';
import { planTargets } from '../../../../src/runtime/aws/plan-targets.ts';
import { targetsOf } from '../../../../src/runtime/aws-targets.ts';
import { configurationSchema } from '../../../../src/runtime/deployment/configuration-schema.ts';
import { createSources } from '../../../../src/sources/registry.ts';
import type { Scope } from '../../../../src/sources/source.ts';
import { FunctionHome } from '../../../support/function-home.ts';
import { tables } from '../../../support/pack-tables.ts';
import { scripted } from '../../../support/scripted-source.ts';

const [own, other] = ['111122223333', '444455556666'];
const home = { partition: 'aws', account: own, region: 'eu-west-1' };
const both = ['s3://reports/a/', 's3://reports/b/'];

/** Every scope that the runs of a source read, over all targets of a configuration. */
async function scopesRead(id: SourceId, input: object): Promise<readonly Scope[]> {
  const scopes: Scope[] = [];
  const functions = new FunctionHome({
    configuration: configurationSchema.parse({ sources: [id], ...input }),
    source: scripted(
      () => [],
      (scope) => void scopes.push(scope),
    ),
  });
  await functions.plan(id, '2026-11-21T02:00:00.000Z');
  await functions.collect(id);
  return scopes;
}

describe('report locations', () => {
  it.each([
    ['one account and Region', {}, `${own} eu-west-1`],
    ['Regions beside the home’s', { regions: ['us-east-1', 'eu-west-1'] }, `${own} eu-west-1`],
    ['Regions without the home’s', { regions: ['us-east-1', 'us-west-2'] }, `${own} us-east-1`],
    ['accounts and Regions', { accounts: [other, own], regions: ['us-east-1', 'eu-west-1'] }, `${own} eu-west-1`],
    ['accounts without the home’s', { accounts: [other, '777788889999'], regions: ['eu-west-1', 'us-east-1'] }, `${other} eu-west-1`],
  ])('are each read by one scope, of %s', async (_name, input, reader) => {
    for (const id of ['sagemaker-model-monitor', 'sagemaker-clarify'] as const) {
      const scopes = await scopesRead(id, { ...input, reportLocations: both });
      const readers = scopes.flatMap(({ account, region, reportLocations }) => reportLocations.map((one) => [one, `${account} ${region}`]));
      expect(readers).toEqual(both.map((one) => [one, reader]));
      // What may be read at all is told to every scope: a job anywhere may name it.
      expect(scopes.every(({ namedPlaces }) => namedPlaces?.length === 2)).toBe(true);
    }
  });

  it('are read by the account that they name', async () => {
    const reportLocations = ['s3://reports/a/', { location: 's3://theirs/', account: other }];
    const scopes = await scopesRead('sagemaker-clarify', { accounts: [own, other], regions: ['eu-west-1', 'us-east-1'], reportLocations });
    expect(scopes).toHaveLength(4);
    const readers = scopes.filter((scope) => scope.reportLocations.length > 0);
    expect(readers.map(({ account, region, reportLocations: read }) => [account, region, read])).toEqual([
      [own, 'eu-west-1', ['s3://reports/a/']],
      [other, 'eu-west-1', ['s3://theirs/']],
    ]);
  });

  it('are no matter of other sources, and trail buckets one of every scope', async () => {
    const scopes = await scopesRead('cloudtrail', {
      regions: ['eu-west-1', 'us-east-1'],
      reportLocations: both,
      trailBuckets: ['s3://trail/'],
    });
    expect(scopes.map(({ reportLocations, trailLocations, namedPlaces }) => [reportLocations, trailLocations, namedPlaces])).toEqual([
      [[], ['s3://trail/'], ['s3://trail/']],
      [[], ['s3://trail/'], ['s3://trail/']],
    ]);
  });

  it('are read with the first Region on a laptop, those of another account not at all', async () => {
    const sources = [...createSources({ tables, declarations: noDeclarations }).values()];
    const configuration = configurationSchema.parse({ reportLocations: [...both, { location: 's3://theirs/', account: other }] });
    const window = { window: { since: '2026-11-20T00:00:00Z', until: '2026-11-21T00:00:00Z' }, memory: noMemory };
    const targets = await targetsOf(
      { sources, reportLocations: configuration.reportLocations, sweptAt: window.window.until, window: async () => window },
      {
        identity: { account: own, arn: 'arn:x', partition: 'aws' },
        regions: ['eu-west-1', 'us-east-1'],
        connect: (region) => ({ region, clientConfig: {}, channel: 'api' }),
      },
    );
    const read = (id: SourceId) => targets.filter(({ source }) => source.id === id).map(({ scope }) => scope.reportLocations);
    expect(read('sagemaker-model-monitor')).toEqual([both, []]);
    expect(read('sagemaker-clarify')).toEqual([both, []]);
    // CloudTrail looks there for the digests of each Region.
    expect(read('cloudtrail')).toEqual([both, both]);
  });

  it('that nobody reads are a gap that says for whom they are', async () => {
    const unread = async (input: object) => {
      const configuration = configurationSchema.parse({ reportLocations: both.slice(0, 1), ...input });
      const { targets } = await planTargets(configuration, home, async () => ({ accounts: [other], gaps: [] }));
      return unreadPlaceGaps(configuration, home, targets);
    };
    expect(await unread({ accounts: { organization: true } })).toMatchObject([
      { reason: 'not-configured', what: 's3://reports/a/', code: 'REPORT_LOCATION_UNREAD', detail: { account: own } },
    ]);
    const named = [{ location: 's3://reports/a/', account: other }];
    expect(await unread({ accounts: { organization: true }, reportLocations: named })).toEqual([]);
    expect(await unread({ accounts: [own], reportLocations: named })).toMatchObject([{ detail: { account: other } }]);
    expect(await unread({ regions: ['us-east-1'] })).toEqual([]);
  });
});

describe('the owner of a log file', () => {
  it.each([
    [{}, own, 'eu-west-1', true],
    [{}, other, 'eu-west-1', false],
    [{}, own, 'us-east-1', false],
    [{ accounts: [other], regions: ['us-east-1'] }, other, 'us-east-1', true],
    [{ accounts: [other] }, own, 'eu-west-1', false],
    [{ accounts: { organization: true } }, '777788889999', 'eu-west-1', true],
    [{ accounts: { organization: true } }, '777788889999', 'us-east-1', false],
  ])('with %j: %s in %s is wanted: %s', (input, account, region, expected) => {
    expect(isPlanned(configurationSchema.parse(input), home, { account, region })).toBe(expected);
  });
});
