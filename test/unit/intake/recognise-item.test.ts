// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { recogniseItem } from '../../../src/sources/intake/recognise-item.ts';
import { trailRecord } from '../../support/intake.ts';

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
    expect(kinds(ocsf('azure'))).toEqual([expect.stringMatching(/^no: OCSF of class 2003/)]);
  });

  it('knows reports', () => {
    expect(kinds('{"violations":[]}')).toEqual(['sagemaker-model-monitor/violations']);
    expect(kinds('{"version":"1.0","pre_training_bias_metrics":{"label":"y"}}')).toEqual(['sagemaker-clarify/analysis']);
  });

  it('looks one level into the wrappings of other tools, and names what it leaves', () => {
    expect(texts(`{"Entity":"x","EntityResult": ${macie}}`)).toEqual([macie]);
    expect(kinds(`{"result":[${record},{"x":1}]}`)).toEqual(['cloudtrail/event', 'no: JSON of an unknown shape with x']);
    const logs = JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: record }, { message: 'START' }] });
    expect(kinds(logs)).toEqual(['cloudtrail/event', 'no: a CloudWatch Logs event that is no CloudTrail record']);
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
