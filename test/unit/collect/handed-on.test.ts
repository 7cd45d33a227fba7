// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { HandedOn, unpackItems } from '../../../src/collect/handed-on.ts';
import type { Observation, RawItem } from '../../../src/evidence/observation.ts';

const context = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  sweptAt: '2026-11-21T00:00:00Z',
  operation: 'LookupEvents',
};
const item = (text: string): RawItem => ({ source: 'cloudtrail', shape: 'event', text, channel: { kind: 'api', requestId: 'r' }, context });
const observation = (title: string) => ({ title }) as Observation;
const waiting = () => new HandedOn(({ title }) => title === 'deployment');

describe('what a part of a reading hands on', () => {
  it('comes back as it was read, once where one item holds several', () => {
    const handedOn = waiting();
    const two = item('{"two":2}');
    handedOn.add(item('{"ü":1}'), observation('deployment'));
    handedOn.add(two, observation('login'));
    handedOn.add(two, observation('login'));
    const { packed, passes } = handedOn.pack(10_000);
    expect(unpackItems(packed ?? '')).toEqual([item('{"ü":1}'), two]);
    expect([passes(observation('deployment')), passes(observation('login'))]).toEqual([true, true]);
  });

  it('is nothing where nothing waits', () => {
    expect(waiting().pack(10_000)).toMatchObject({ packed: null });
  });

  it('is what only the end can decide where not all of it fits', () => {
    const handedOn = waiting();
    handedOn.add(item('{"small":1}'), observation('deployment'));
    handedOn.add(item(randomBytes(20_000).toString('hex')), observation('login'));
    const { packed, passes } = handedOn.pack(5_000);
    expect(unpackItems(packed ?? '')).toEqual([item('{"small":1}')]);
    expect([passes(observation('deployment')), passes(observation('login'))]).toEqual([true, false]);
  });

  it('is nothing where not even that fits: the part decides with what it knows', () => {
    const handedOn = waiting();
    handedOn.add(item(randomBytes(20_000).toString('hex')), observation('deployment'));
    const { packed, passes } = handedOn.pack(5_000);
    expect([packed, passes(observation('deployment'))]).toEqual([null, false]);
  });

  it('does not keep more than a function has memory for', () => {
    const handedOn = waiting();
    for (let n = 0; n < 10; n++) handedOn.add(item('x'.repeat(1024 * 1024)), observation('deployment'));
    expect(handedOn.pack(Number.POSITIVE_INFINITY).packed).toBeNull();
  });

  it('is refused where a message holds something else', () => {
    expect(() => unpackItems(Buffer.from('no zstd').toString('base64'))).toThrow();
  });
});
