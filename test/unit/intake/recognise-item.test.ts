// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/evidence/json.ts';
import { recogniseItem } from '../../../src/sources/intake/recognise-item.ts';
import { asff as asffFinding, ocsf as hubOcsf } from '../../fixtures/securityhub/findings.ts';
import { trailRecord } from '../../support/intake.ts';
import { sensitiveFinding } from '../../support/macie.ts';

function recognise(text: string) {
  return recogniseItem(JSON.parse(text), text);
}

function kinds(text: string): string[] {
  return recognise(text).map((one) => {
    if ('recognised' in one) return `${one.recognised.source}/${one.recognised.shape}`;
    return 'unrecognised' in one ? `no: ${one.unrecognised}` : 'broken';
  });
}

function texts(text: string): string[] {
  return recognise(text).flatMap((one) => ('recognised' in one ? [one.recognised.text] : []));
}

const record = trailRecord('1b2c');
const asff = (id: string) =>
  `{"SchemaVersion": "2018-10-08","Id":"${id}","ProductArn":"arn:aws:securityhub:eu-west-1::product/aws/securityhub","AwsAccountId":"111122223333"}`;
const ocsf = (provider: string) =>
  JSON.stringify({
    class_uid: 2003,
    metadata: { uid: 'u', product: { name: 'Security Hub' } },
    finding_info: { uid: 'u' },
    cloud: { provider },
  });
const macie = JSON.stringify({
  id: 'f',
  category: 'CLASSIFICATION',
  resourcesAffected: { s3Bucket: {} },
  type: 'SensitiveData:S3Object/Personal',
});

describe('recognising an item by its content', () => {
  it('knows CloudTrail records, old and new, and those that a log shipper changed', () => {
    expect(kinds(record)).toEqual(['cloudtrail/event']);
    expect(kinds('{"eventVersion":"1.05","eventTime":"2016-02-11T00:00:00Z","eventSource":"rds.amazonaws.com","eventName":"X"}')).toEqual([
      'cloudtrail/event',
    ]);
    expect(kinds('{"@timestamp":"2020-09-14T00:44:23.000Z","eventID":"x","eventSource":"ec2.amazonaws.com","eventName":"X"}')).toEqual([
      'cloudtrail/event',
    ]);
    expect(kinds('{"eventType":"AwsCloudTrailInsight","insightDetails":{},"eventID":"i"}')).toEqual(['cloudtrail/insight']);
    expect(kinds('{"digestS3Object":"k","logFiles":[]}')).toEqual(['cloudtrail/digest']);
  });

  it('does not take notifications of S3 and its like for CloudTrail records', () => {
    const [reason] = kinds(
      '{"eventVersion":"2.1","eventSource":"aws:s3","eventName":"ObjectCreated:Put","eventTime":"2026-11-19T10:00:00Z","s3":{}}',
    );
    expect(reason).toMatch(/^no: a notification/);
  });

  it('takes the string inside a LookupEvents answer as the evidence, exactly', () => {
    const event = JSON.stringify({ EventId: '1b2c', EventName: 'CreateEndpoint', ReadOnly: 'false', CloudTrailEvent: record });
    expect(kinds(event)).toEqual(['cloudtrail/event']);
    expect(texts(event)).toEqual([record]);
    expect(kinds('{"EventId":"x","CloudTrailEvent":"{cut"}')).toEqual(['broken']);
  });

  it('takes what an EventBridge event carries, cut out as it stands', () => {
    const event = (detailType: string, detail: string) =>
      `{"version":"0","id":"e","detail-type":"${detailType}","source":"aws.x","account":"111122223333","detail" : ${detail}}`;
    expect(texts(event('AWS API Call via CloudTrail', record))).toEqual([record]);
    expect(texts(event('Security Hub Findings - Imported', `{"findings":[${asff('a')} , ${asff('b')}]}`))).toEqual([asff('a'), asff('b')]);
    expect(kinds(event('Findings Imported V2', `{"findings":[${ocsf('AWS')}]}`))).toEqual(['securityhub/ocsf']);
    expect(texts(event('Macie Finding', macie))).toEqual([macie]);
    expect(kinds(event('GuardDuty Finding', '{"id":"x"}'))).toEqual([
      expect.stringMatching(/^no: an EventBridge event "GuardDuty Finding"/),
    ]);
  });

  it('keeps the envelope of an event beside what it carried', () => {
    const [one] = recognise(
      `{"id":"e1","detail-type":"Macie Finding","time":"2026-11-19T10:00:00Z","account":"1","region":"r","detail":${macie}}`,
    );
    expect(one).toMatchObject({
      recognised: { context: { eventBridge: { id: 'e1', detailType: 'Macie Finding', account: '1', region: 'r' } } },
    });
  });

  it('knows findings, OCSF of other tools about AWS too, but not those about other clouds', () => {
    expect([asff('a'), ocsf('AWS'), ocsf('aws'), macie].flatMap(kinds)).toEqual([
      'securityhub/asff',
      'securityhub/ocsf',
      'securityhub/ocsf',
      'macie/finding',
    ]);
    expect(kinds(ocsf('azure'))).toEqual(['no: OCSF of class 2003 about azure and not AWS']);
  });

  it('says of OCSF what it lacks, and no more', () => {
    expect(kinds('{"class_uid":6003,"metadata":{},"cloud":{"provider":"AWS"}}')).toEqual(['no: OCSF of class 6003 that is no finding']);
    expect(kinds('{"class_uid":2003,"message":"x"}')).toEqual([
      'no: OCSF of class 2003 that has neither finding_info nor metadata, and so no id',
    ]);
  });

  it('knows reports', () => {
    expect(kinds('{"violations":[]}')).toEqual(['sagemaker-model-monitor/violations']);
    expect(kinds('{"version":"1.0","pre_training_bias_metrics":{"label":"y"}}')).toEqual(['sagemaker-clarify/analysis']);
  });

  it('looks one level into the wrappings of other tools, and names what it leaves', () => {
    expect(texts(`{"Entity":"x","EntityResult": ${macie}}`)).toEqual([macie]);
    expect(kinds(`{"result":[${record},{"x":1}]}`)).toEqual(['cloudtrail/event', 'no: JSON of an unknown shape with x']);
    expect(kinds(`{"finding":${macie},"other":{"Id":"x"},"rows":[1],"note":"n","none":{},"ResponseMetadata":{"RetryAttempts":0}}`)).toEqual(
      [
        'macie/finding',
        'no: beside evidence, in its member other: JSON of an unknown shape with Id',
        'no: beside evidence, in its member rows: JSON that is no object but an array',
      ],
    );
    const logs = JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: record }, { message: 'START' }] });
    expect(kinds(logs)).toEqual(['cloudtrail/event', 'no: a CloudWatch Logs event that is no CloudTrail record']);
  });

  it('reads pages that a tool put into a list, of whatever call', () => {
    const event = JSON.stringify({ EventId: '1b2c', CloudTrailEvent: record });
    expect(texts(`{"Events":[${event}, ${event}],"NextToken":"t"}`)).toEqual([record, record]);
    expect(texts(`{"Records": [${record}]}`)).toEqual([record]);
    expect(texts(`[${record} ,${record}]`)).toEqual([record, record]);
    expect(kinds(`[${event},{"x":1}]`)).toEqual(['cloudtrail/event', 'no: JSON of an unknown shape with x']);
    expect(texts(`[{"Events":[${event}]}]`)).toEqual([record]);
    expect(texts(`{"data":{"Findings":[${asff('a')}]}}`)).toEqual([asff('a')]);
    expect(kinds('{"Events":[{"EventId":"x","CloudTrailEvent":"{cut"}]}')).toEqual(['broken']);
  });

  it('looks no deeper than two levels, and for no report inside of something else', () => {
    expect(kinds(`{"a":{"b":{"c":${record}}}}`)).toEqual(['no: JSON of an unknown shape with a']);
    expect(kinds('{"result":{"violations":[]}}')).toEqual(['no: JSON of an unknown shape with result']);
    expect(kinds(`${'['.repeat(9_000)}${']'.repeat(9_000)}`)).toEqual(['no: JSON that is no object but an array']);
  });

  it('says that a list is empty, and loses nothing beside it', () => {
    const event = (type: string, detail: string) => `{"detail-type":"${type}","source":"aws.securityhub","detail":${detail}}`;
    expect(kinds(event('Security Hub Findings - Imported', '{"findings":[]}'))).toEqual(['no: no items: detail.findings is empty']);
    expect(kinds(event('Security Hub Findings - Imported', '{}'))).toEqual([expect.stringMatching(/^no: an EventBridge event/)]);
    expect(kinds(event('Something Else', '{"findings":[]}'))).toEqual([
      expect.stringMatching(/^no: an EventBridge event "Something Else"/),
    ]);
    expect(kinds('{"messageType":"DATA_MESSAGE","logEvents":[]}')).toEqual(['no: no items: logEvents is empty']);
  });

  it('says what is not ours', () => {
    expect(kinds('[1]')).toEqual(['no: JSON that is no object but an array']);
    expect(kinds('{}')).toEqual(['no: an empty JSON object']);
    expect(kinds('{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}')).toEqual([
      'no: JSON of an unknown shape with a, b, c, d, e, f, and 1 more members',
    ]);
    expect(kinds('{"__proto__":{"eventSource":"x","eventName":"y","eventTime":"z"}}').join()).toContain('cloudtrail/event');
  });
});

describe('an answer that deviates from the model of AWS', () => {
  const without = (finding: JsonObject, name: string) =>
    JSON.stringify(Object.fromEntries(Object.entries(finding).filter(([n]) => n !== name)));

  it.each([
    ['asff', 'securityhub/asff', asffFinding],
    ['ocsf', 'securityhub/ocsf', { type_uid: 200301, ...hubOcsf }],
    ['macie', 'macie/finding', sensitiveFinding],
  ])('is kept, whichever one member of it is missing: %s', (_name, kind, finding) => {
    const names = Object.keys(finding);
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => kinds(without(finding, name)).join() !== kind)).toEqual([]);
  });

  it('is kept, of a category or kind that is new', () => {
    const { resourcesAffected: _gone, ...bare } = sensitiveFinding;
    expect(kinds(JSON.stringify({ ...bare, category: 'THREAT', type: 'Threat:New' }))).toEqual(['macie/finding']);
    expect(kinds(JSON.stringify({ ...hubOcsf, class_uid: 2099, type_uid: 209901 }))).toEqual(['securityhub/ocsf']);
  });

  it('is what its envelope says, whatever it lacks; but what other senders call so is not', () => {
    const event = (source: string, type: string, detail: string) => `{"source":"${source}","detail-type":"${type}","detail":${detail}}`;
    expect(kinds(event('aws.macie', 'Macie Finding', '{"id":"f"}'))).toEqual(['macie/finding']);
    expect(kinds(event('aws.securityhub', 'Security Hub Findings - Imported', '{"findings":[{"Id":"f"},7]}'))).toEqual([
      'securityhub/asff',
      'no: JSON that is no object but a number',
    ]);
    expect(kinds(event('aws.securityhub', 'Findings Imported V2', '{"findings":[{"finding_info":{}}]}'))).toEqual(['securityhub/ocsf']);
    expect(kinds(event('aws.sagemaker', 'AWS API Call via CloudTrail', '{"eventName":"CreateModel"}'))).toEqual(['cloudtrail/event']);
    expect(kinds(event('aws.cloudtrail', 'AWS Insight via CloudTrail', '{"eventID":"i"}'))).toEqual(['cloudtrail/insight']);
    for (const text of [
      event('acme', 'Macie Finding', '{"id":"f"}'),
      event('acme', 'AWS API Call via CloudTrail', '{"eventName":"CreateModel"}'),
      event('aws.macie', 'Macie Finding', '{}'),
      event('aws.macie', 'toString', '{"id":"f"}'),
    ])
      expect(kinds(text)).toEqual([expect.stringMatching(/^no: an EventBridge event/)]);
  });

  it('is a record of CloudTrail where LookupEvents says so', () => {
    const inner = '{"eventName":"CreateModel","eventID":"e"}';
    expect(texts(JSON.stringify({ EventId: 'e', CloudTrailEvent: inner }))).toEqual([inner]);
    expect(kinds(JSON.stringify({ EventId: 'e', CloudTrailEvent: '{}' }))).toEqual(['no: an empty JSON object']);
    expect(kinds(JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: inner }] }))).toEqual([
      expect.stringMatching(/^no: JSON of an unknown shape/),
    ]);
  });

  it.each([
    [
      'a finding of GuardDuty, as GetFindings gives it',
      { Id: 'f', AccountId: '1', SchemaVersion: '2.0', Type: 'T', Severity: 5, Service: {} },
    ],
    [
      'a finding of GuardDuty, as EventBridge carries it',
      { id: 'f', accountId: '1', schemaVersion: '2.0', type: 'T', severity: 5, service: {} },
    ],
    ['the name of a finding', { Id: 'f', ProductArn: 'arn:aws:securityhub:eu-west-1::product/aws/macie' }],
    ['a finding of Inspector', { findingArn: 'a', awsAccountId: '1', type: 'T', severity: 'HIGH', inspectorScore: 7 }],
    ['a rating of some tool', { id: 'r', schemaVersion: '1.0', type: 'rating', severity: { score: 3 } }],
    ['an object with a category', { id: 'r', category: 'POLICY', type: 'T' }],
    ['OCSF of an activity', { class_uid: 3002, type_uid: 300201, metadata: {}, cloud: { provider: 'AWS' } }],
  ])('is not: %s', (_name, value) => {
    expect(kinds(JSON.stringify(value))).toEqual([expect.stringMatching(/^no: /)]);
  });
});
