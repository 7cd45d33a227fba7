// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { readMappingSource } from '../../src/catalog/mapping-source.ts';
import { arrayAt, type JsonObject } from '../../src/evidence/json.ts';
import { isAiResourceType } from '../../src/mapping/ai-resource-type.ts';
import { callNames } from '../../src/sources/cloudtrail/call-names.ts';
import { cloudTrailPatterns } from '../../src/sources/cloudtrail/event-sources.ts';
import { interpretEvent } from '../../src/sources/cloudtrail/interpret-event.ts';

const noArn = 'AWS gives it no ARN';
const cutRequest = 'AWS may leave out the request of a refused call';

/** Rules of which no example names a resource, and why. They count at their strength only where the scope file declares the account. */
const silent: Readonly<Record<string, string>> = {
  'cloudtrail.anomaly-detector.deleted': `a detector is told by its metric; ${noArn}`,
  'cloudtrail.anomaly-detector.set': `a detector is told by its metric; ${noArn}`,
  'cloudtrail.backup.restore.started': 'the recovery point of the example has no ARN in full; a record has',
  'cloudtrail.codecommit.review-rule.changed': `a template of approval rules belongs to no repository; ${noArn}`,
  'cloudtrail.codecommit.review.approved': 'a pull request is told by its number, without its repository',
  'cloudtrail.codecommit.review.overridden': 'a pull request is told by its number, without its repository',
  'cloudtrail.codecommit.review.override-ended': 'a pull request is told by its number, without its repository',
  'cloudtrail.codecommit.review.withdrawn': 'a pull request is told by its number, without its repository',
  'cloudtrail.glue.quality-run.cancelled': `a run is told by its id, without its rules and table; ${noArn}`,
  'cloudtrail.incident.note-added': 'the incident of the example has no ARN in full; a record has',
  'cloudtrail.lakeformation.settings.changed': 'the settings are those of the whole account',
  'cloudtrail.machine.session-closed':
    "a session's id begins with its user's name and is not taken as a resource; its machine is not named",
  'cloudtrail.ops-item.opened': 'the id of the new item is in the answer, which the example leaves out',
  'cloudtrail.refused.alarm': cutRequest,
  'cloudtrail.refused.log-store': cutRequest,
  'cloudtrail.refused.record-store': cutRequest,
  'cloudtrail.search-store.policy-deleted': `a policy names its collections only in the text of its document; ${noArn}`,
  'cloudtrail.search-store.policy-set': `a policy names its collections only in the text of its document; ${noArn}`,
  'cloudtrail.servicecatalog.constraint.removed': `a constraint is told by its id, without its product; ${noArn}`,
  'cloudtrail.states.task.answered-no': 'the token of a task is a secret, and the only thing that a call names',
  'cloudtrail.states.task.answered-yes': 'the token of a task is a secret, and the only thing that a call names',
  'cloudtrail.support-case.opened': 'a case is about an account; CloudTrail leaves out what was asked',
};

const context = { partition: 'aws', account: '111122223333', region: 'eu-west-1', sweptAt: '2026-11-20T12:00:00Z' };

function resourcesOf(detail: JsonObject) {
  const text = JSON.stringify(detail);
  return interpretEvent({ source: 'cloudtrail', shape: 'event', text, channel: { kind: 'api', requestId: 'r' }, context }, detail)
    .resources;
}

const rules = readMappingSource()
  .rules.flatMap(({ content }) => content.rules)
  .filter((rule) => rule.subject === 'resource' && rule.matches.some(({ source }) => source === 'cloudtrail'));

const namesNothing = (rule: (typeof rules)[number]) => rule.matches.every(({ detail }) => resourcesOf(detail ?? {}).length === 0);

describe('rules of CloudTrail whose resource must be in scope', () => {
  it('have an example that names a resource, or say here why none does', () => {
    expect(rules.length).toBeGreaterThanOrEqual(500);
    expect(
      rules
        .filter(namesNothing)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(Object.keys(silent).sort());
  });

  it('see that an AI resource was shared with another account', () => {
    const shared = rules.find(({ id }) => id === 'cloudtrail.ram.ai-resource.shared')?.matches ?? [];
    expect(shared.length).toBeGreaterThan(0);
    expect(shared.filter(({ detail }) => !resourcesOf(detail ?? {}).some(isAiResourceType))).toEqual([]);
  });
});

describe('services that are only about AI', () => {
  const subscribed = arrayAt(cloudTrailPatterns[0] ?? null, 'detail', 'eventSource').map(String);
  const ofRules = JSON.stringify(readMappingSource().rules).match(/[a-z0-9.-]+\.amazonaws\.com/g) ?? [];
  const isAi = (source: string) => /^agent-registry\.|bedrock|sagemaker/.test(source);
  const sources = [...new Set([...subscribed, ...ofRules])].filter((source) => source.split('.').length <= 4 && isAi(source));

  it('are in scope by each call, even one that names nothing', () => {
    expect(sources).toContain('a2i-runtime.sagemaker.amazonaws.com');
    expect(sources.filter((eventSource) => !resourcesOf({ eventSource, eventName: 'X' }).some(isAiResourceType))).toEqual([]);
  });
});

describe('the table of what calls name', () => {
  const names = Object.values(callNames).flat();

  it('is written in its own small language, with types as CloudFormation spells them', () => {
    expect(names.length).toBeGreaterThanOrEqual(90);
    const wrong = names.filter(
      ([calls, where, [type, form]]) =>
        !/^(?:\*|[A-Z]\w+(?: [A-Z]\w+)*)$/.test(calls) ||
        !/^(?:(?:\w+(?:\[\])?\.)*(?:\w+(?:\[\])?|\(\w+(?:[ .]\w+)+\)))?$/.test(where) ||
        !/^(?:|AWS::\w+::\w+)$/.test(type) ||
        !/^(?:|\*|[a-z0-9-]+:@?:\$?:(?:\*|[\w-]+(?:[:/]\*)?))$/.test(form),
    );
    expect(wrong.map(([calls, where, [type, form]]) => `${calls} ${where} ${type} ${form}`)).toEqual([]);
  });
});
