// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { Facts } from '../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { createMapper } from '../../../src/mapping/mapper.ts';
import { account, mapperOf, noAccounts, observation, packOf, rule, scoped } from '../../support/mapping.ts';

const created = rule({ id: 'created', pattern: { detail: { eventName: ['Create'] } } });
const anyCall = rule({
  id: 'any',
  pattern: { detail: { eventName: [{ exists: true }] } },
  controls: [{ control: 'A.6.2.8', strength: 'context' }],
});
const bucket = { arn: 'arn:aws:s3:::notes', type: 'AWS::S3::Bucket' };

describe('a mapping', () => {
  it('holds every rule that matches, in the order of the pack, with the claims of each', () => {
    const mapping = mapperOf([anyCall, created]).map(observation({ detail: { eventName: 'Create' } }), noAccounts);
    expect(mapping.matches.map((match) => match.rule)).toEqual(['any', 'created']);
    expect(mapping.matches[1]).toEqual({
      rule: 'created',
      title: 'Title of created',
      subject: 'resource',
      why: 'Why of created',
      controls: [{ control: 'A.6.2.8', strength: 'partial', polarity: 'supports' }],
    });
    expect(mapping.claims).toEqual([
      { control: 'A.6.2.8', rule: 'any', strength: 'context', polarity: 'supports' },
      { control: 'A.6.2.8', rule: 'created', strength: 'partial', polarity: 'supports' },
    ]);
  });

  it('is empty where no rule matches', () => {
    const mapper = mapperOf([created]);
    expect(mapper.map(observation({ detail: { eventName: 'Create' } }), noAccounts).matches).toHaveLength(1);
    const mapping = mapper.map(observation({ detail: { eventName: 'Delete' } }), noAccounts);
    expect(mapping).toMatchObject({ matches: [], claims: [], accountUndecided: false, inScope: true });
  });

  it('wants the rule’s source and its evidence as the observation’s kind', () => {
    const mapper = mapperOf([created, rule({ id: 'state', evidence: 'state', pattern: { detail: { eventName: ['Create'] } } })]);
    const rulesFor = (members: Parameters<typeof observation>[0]) =>
      mapper.map(observation({ detail: { eventName: 'Create' }, ...members }), noAccounts).matches.map((match) => match.rule);
    expect(rulesFor({})).toEqual(['created']);
    expect(rulesFor({ kind: 'state' })).toEqual(['state']);
    expect(rulesFor({ kind: 'finding' })).toEqual([]);
    expect(rulesFor({ source: 'macie' })).toEqual([]);
  });

  it('reads source, kind, account, region, detail and facts, and nothing else of an observation', () => {
    const paths = [
      'source',
      'kind',
      'account',
      'region',
      'detail.x',
      'facts.y',
      'title',
      'text',
      'sourceIdentity',
      'partition',
      'resources.arn',
    ];
    const mapper = mapperOf(paths.map((path) => rule({ id: path, pattern: { [path]: [{ exists: true }] } })));
    const mapping = mapper.map(observation({ title: 't', detail: { x: 1 }, facts: { y: 1 } }), noAccounts);
    expect(mapping.matches.map((match) => match.rule)).toEqual(paths.slice(0, 6));
  });

  it('refuses a pack with a malformed pattern and names the rule', () => {
    expect(() => mapperOf([created])).not.toThrow();
    const broken = packOf(created, rule({ id: 'broken', pattern: { detail: { a: [{ prefx: 'x' }] } } }));
    expect(() => createMapper(broken, noDeclarations)).toThrow(
      expect.objectContaining({ code: 'MAPPING_PATTERN_INVALID', message: expect.stringContaining('rule broken: ') }),
    );
  });
});

describe('a polarity', () => {
  const polarityOf = (polarity: 'by-outcome' | 'by-threshold', facts: Facts) => {
    const mapper = mapperOf([rule({ id: 'r', pattern: { kind: ['activity'] }, polarity })]);
    const { matches, claims } = mapper.map(observation({ facts }), noAccounts);
    return [matches[0]?.controls[0]?.polarity, claims.map((claim) => claim.polarity)];
  };

  it.each([
    [{ outcome: 'PASSED' }, 'supports'],
    [{ outcome: 'FAILED' }, 'exception'],
    [{ outcome: 'WARNING' }, 'review'],
    [{ outcome: 'PASSED', recordState: 'ACTIVE' }, 'supports'],
  ])('by outcome: %j is %s', (facts, expected) => {
    expect(polarityOf('by-outcome', facts)).toEqual([expected, [expected]]);
  });

  it.each([[{ outcome: 'NOT_AVAILABLE' }], [{}], [{ outcome: 'new' }], [{ outcome: 'FAILED', recordState: 'ARCHIVED' }]])(
    'by outcome: %j claims nothing',
    (facts) => {
      expect(polarityOf('by-outcome', facts)).toEqual(['ignore', []]);
    },
  );

  it.each([
    [{ thresholdOutcome: 'WITHIN' }, 'supports'],
    [{ thresholdOutcome: 'WORSE' }, 'exception'],
    [{ thresholdOutcome: 'NO_THRESHOLD' }, 'review'],
    [{}, 'review'],
  ])('by threshold: %j is %s', (facts, expected) => {
    expect(polarityOf('by-threshold', facts)).toEqual([expected, [expected]]);
  });

  it('may stand per control, and `ignore` claims nothing in or out of scope', () => {
    const mapper = mapperOf([
      rule({
        id: 'run',
        pattern: { kind: ['activity'] },
        controls: [
          { control: 'A.6.2.6', strength: 'direct' },
          { control: 'A.7.4', strength: 'partial', polarity: 'exception' },
          { control: '9.1', strength: 'context', polarity: 'ignore' },
        ],
      }),
      rule({ id: 'reader', pattern: { kind: ['activity'] }, polarity: 'ignore' }),
    ]);
    const inside = mapper.map(observation(), noAccounts);
    expect(inside.claims.map((claim) => [claim.control, claim.polarity])).toEqual([
      ['A.6.2.6', 'supports'],
      ['A.7.4', 'exception'],
    ]);
    expect(inside.matches.map((match) => match.controls.map((control) => control.polarity))).toEqual([
      ['supports', 'exception', 'ignore'],
      ['ignore'],
    ]);
    expect(mapper.map(observation({ resources: [bucket] }), noAccounts).claims.map((claim) => claim.rule)).toEqual(['run']);
  });
});

describe('scope', () => {
  const outside = { control: '6.1.2', strength: 'context', polarity: 'context' };

  it('leaves one claim of context to a rule that matches outside every AI system', () => {
    const mapper = mapperOf([
      rule({
        id: 'r',
        pattern: { kind: ['activity'] },
        controls: [
          { control: 'A.7.4', strength: 'direct' },
          { control: 'A.7.5', strength: 'partial' },
        ],
      }),
    ]);
    const mapping = mapper.map(observation({ resources: [bucket] }), noAccounts);
    expect(mapping).toMatchObject({ inScope: false, aiSystems: [], claims: [{ ...outside, rule: 'r' }] });
    expect(mapping.matches[0]?.controls).toHaveLength(2);
    expect(mapper.map(observation(), noAccounts).claims.map((claim) => claim.control)).toEqual(['A.7.4', 'A.7.5']);
  });

  it('of a rule about the account waits until it is known whether the account holds AI', () => {
    const stopped = rule({ id: 'stopped', pattern: { kind: ['activity'] }, subject: 'account', polarity: 'exception' });
    const trail = observation({
      resources: [{ arn: 'arn:aws:cloudtrail:eu-west-1:111122223333:trail/t', type: 'AWS::CloudTrail::Trail' }],
    });
    const claim = { control: 'A.6.2.8', rule: 'stopped', strength: 'partial', polarity: 'exception' };
    const mapper = mapperOf([stopped]);
    expect(mapper.map(trail, noAccounts)).toMatchObject({ accountUndecided: true, claims: [{ ...outside, rule: 'stopped' }] });
    expect(mapper.map(trail, new Set(['999999999999']))).toMatchObject({ accountUndecided: true });
    expect(mapper.map(trail, new Set([account]))).toMatchObject({ accountUndecided: false, inScope: false, claims: [claim] });
    const system = { name: 'credit', owner: 'o', tags: [], arns: [`arn:aws:s3:eu-west-1:${account}:*`], accounts: [] };
    const declared = mapperOf([stopped], scoped({ aiSystems: [system] }));
    expect(declared.map(trail, noAccounts)).toMatchObject({ accountUndecided: false, inScope: false, claims: [claim] });
  });

  it('is not in question for an account where no rule about it claims anything', () => {
    const ignored = rule({ id: 'ignored', pattern: { kind: ['activity'] }, subject: 'account', polarity: 'ignore' });
    expect(mapperOf([ignored]).map(observation({ resources: [bucket] }), noAccounts).accountUndecided).toBe(false);
    const about = { ...ignored, polarity: 'review' } as const;
    expect(mapperOf([about]).map(observation({ resources: [bucket] }), noAccounts).accountUndecided).toBe(true);
  });
});

describe('facts of the engine', () => {
  const catchAll = rule({ id: 'unmatched', pattern: { facts: { unmatched: [true] }, detail: { readOnly: [false] } } });

  it('say whether no other rule matched, to the rules that ask', () => {
    const mapper = mapperOf([catchAll, created]);
    const map = (eventName: string, readOnly: boolean) =>
      mapper.map(observation({ detail: { eventName, readOnly }, facts: { other: 1 } }), noAccounts);
    expect(map('Create', false)).toMatchObject({ matches: [{ rule: 'created' }], facts: { unmatched: false, other: 1 } });
    expect(map('Start', false)).toMatchObject({ matches: [{ rule: 'unmatched' }], facts: { unmatched: true, other: 1 } });
    expect(map('Start', true)).toMatchObject({ matches: [], facts: { unmatched: true } });
  });

  it('are left alone where no rule of the source asks, or the observation brings them', () => {
    const facts = { other: 1 };
    expect(mapperOf([created]).map(observation({ facts }), noAccounts).facts).toBe(facts);
    expect(mapperOf([catchAll]).map(observation({ facts: { unmatched: false } }), noAccounts).facts).toEqual({ unmatched: false });
    expect(mapperOf([catchAll]).map(observation(), noAccounts).facts).toEqual({ unmatched: true });
  });

  it('say which call touches a declared store of records, and never that one does not', () => {
    const stores = scoped({ recordStores: ['aims-*', 'arn:aws:dynamodb:*:*:table/approvals', 'vault'] });
    const factOf = (bucketName: string, members = {}) =>
      mapperOf([created], stores).map(observation({ detail: { requestParameters: { bucketName } }, ...members }), noAccounts).facts[
        'recordStore'
      ];
    expect(factOf('aims-evidence')).toBe(true);
    expect(factOf('notes')).toBeUndefined();
    expect(factOf('x', { detail: { requestParameters: { backupVaultName: 'vault' } } })).toBe(true);
    expect(factOf('x', { resources: [{ arn: 'arn:aws:dynamodb:eu-west-1:1:table/approvals', type: '' }] })).toBe(true);
    expect(factOf('aims-evidence', { facts: { recordStore: false } })).toBe(false);
    expect(
      mapperOf([created]).map(observation({ detail: { requestParameters: { bucketName: 'aims-evidence' } } }), noAccounts).facts,
    ).toEqual({});
  });

  it('bring a declared store of records into scope for the rules about such stores, and for no others', () => {
    const about = { controls: [{ control: '7.5.3', strength: 'direct' }] } as const;
    const pattern = { detail: { eventName: ['Create'] }, facts: { recordStore: [true] } };
    const mapper = mapperOf(
      [created, rule({ id: 'kept', subject: 'record-store', pattern, ...about })],
      scoped({ recordStores: ['aims-*'] }),
    );
    const claimsOn = (bucketName: string) =>
      mapper.map(observation({ detail: { eventName: 'Create', requestParameters: { bucketName } }, resources: [bucket] }), noAccounts)
        .claims;
    const outside = { control: '6.1.2', rule: 'created', strength: 'context', polarity: 'context' };
    expect(claimsOn('aims-records')).toEqual([outside, { control: '7.5.3', rule: 'kept', strength: 'direct', polarity: 'supports' }]);
    expect(claimsOn('training-data')).toEqual([outside]);
  });

  it('say of every Security Hub finding whether it is about a store of records', () => {
    const finding = { source: 'securityhub', kind: 'finding' } as const;
    const factOf = (arn: string, recordStores = ['aims']) =>
      mapperOf([created], scoped({ recordStores })).map(observation({ ...finding, resources: [{ arn, type: '' }] }), noAccounts).facts[
        'recordStore'
      ];
    expect(factOf('arn:aws:s3:::aims')).toBe(true);
    expect(factOf('arn:aws:s3:::aims/key')).toBe(true);
    expect(factOf('arn:aws:backup:eu-west-1:1:backup-vault:aims')).toBe(true);
    expect(factOf('arn:aws:s3:::aims-not')).toBe(false);
    expect(factOf('arn:aws:s3:::aims', [])).toBe(false);
    expect(mapperOf([created]).map(observation({ source: 'macie', kind: 'finding' }), noAccounts).facts).toEqual({});
  });
});
