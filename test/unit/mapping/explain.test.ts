// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { explainObservation } from '../../../src/mapping/explain.ts';
import { mapperOf, observation, rule } from '../../support/mapping.ts';

const trail = { eventSource: ['cloudtrail.amazonaws.com'] };
const mapper = mapperOf([
  rule({ id: 'stopped', pattern: { detail: { ...trail, eventName: ['StopLogging'] } } }),
  rule({
    id: 'changed',
    pattern: { detail: { ...trail, eventName: ['UpdateTrail', { prefix: 'Put' }], requestParameters: { name: ['t'] } } },
  }),
  rule({ id: 'single', pattern: { detail: { ...trail, requestParameters: { list: { a: ['x'], b: ['y'] } } } } }),
  rule({ id: 'other', pattern: { detail: { eventSource: ['s3.amazonaws.com'], eventName: ['PutObject'] } } }),
  rule({ id: 'kind', evidence: 'state', pattern: { detail: { ...trail, eventName: ['StopLogging'] } } }),
]);

describe('an explanation', () => {
  it('names the one condition that fails, nearest first', () => {
    const detail = { eventSource: 'cloudtrail.amazonaws.com', eventName: 'StartLogging', requestParameters: { name: 't' } };
    expect(explainObservation(mapper, observation({ detail })).nearMisses).toEqual([
      {
        rule: 'changed',
        title: 'Title of changed',
        path: 'detail.eventName',
        but: 'detail.eventName: "StartLogging" is none of "UpdateTrail", prefix "Put"',
      },
      {
        rule: 'stopped',
        title: 'Title of stopped',
        path: 'detail.eventName',
        but: 'detail.eventName: "StartLogging" is not "StopLogging"',
      },
    ]);
  });

  it('leaves out what matches and what is far off', () => {
    const detail = { eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging' };
    const { mapping, nearMisses } = explainObservation(mapper, observation({ detail }));
    expect(mapping.matches.map((match) => match.rule)).toEqual(['stopped']);
    expect(nearMisses).toEqual([]);
  });

  it('says what is absent, and when a list holds the conditions in different elements only', () => {
    const detail = {
      eventSource: 'cloudtrail.amazonaws.com',
      eventName: 'UpdateTrail',
      requestParameters: { list: [{ a: 'x' }, { b: 'y' }] },
    };
    const { nearMisses } = explainObservation(mapper, observation({ detail }));
    expect(nearMisses.map(({ rule, path, but }) => [rule, path, but])).toEqual([
      ['single', '', 'no single element of the list satisfies all conditions on it'],
      ['changed', 'detail.requestParameters.name', 'detail.requestParameters.name is absent; wanted: "t"'],
      ['stopped', 'detail.eventName', 'detail.eventName: "UpdateTrail" is not "StopLogging"'],
    ]);
  });

  it('shortens long values and long choices', () => {
    const many = mapperOf([
      rule({ id: 'many', pattern: { detail: { ...trail, eventName: Array.from({ length: 40 }, (_, at) => `E${at}`) } } }),
    ]);
    const detail = { eventSource: 'cloudtrail.amazonaws.com', eventName: 'x'.repeat(500) };
    const [miss] = explainObservation(many, observation({ detail })).nearMisses;
    expect(miss?.but).toContain('"E5", … (40)');
    expect(miss?.but.length).toBeLessThan(200);
  });
});
