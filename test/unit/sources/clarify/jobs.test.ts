// SPDX-License-Identifier: Apache-2.0
import { DescribeProcessingJobResponse$ } from '@aws-sdk/client-sagemaker';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { endpointRelease, firstRelease, timingOf } from '../../../../src/sources/clarify/release-span.ts';
import { apiItem, fileItem, gapsOf, idOf, observe, observeOne, s3Item } from '../../../support/sagemaker.ts';
import { deviationsFrom } from '../../../support/sdk-schema.ts';

const job: JsonObject = {
  ProcessingJobName: 'clarify-bias-1',
  ProcessingJobArn: 'arn:aws:sagemaker:eu-west-1:111122223333:processing-job/clarify-bias-1',
  ProcessingJobStatus: 'Failed',
  FailureReason: 'ClientError: facet not found',
  AppSpecification: { ImageUri: '131013547314.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-clarify-processing:1.0' },
  CreationTime: 1763625600,
  ProcessingEndTime: 1763626200,
  LastModifiedTime: 1763626201.5,
};
const execution = (change: JsonObject = {}, context: JsonObject = {}) =>
  observeOne(apiItem('sagemaker-clarify', 'execution', { ...job, ...change }, context));

describe('a Clarify job', () => {
  it('is what AWS answers', () => {
    expect(deviationsFrom(DescribeProcessingJobResponse$, job)).toEqual([]);
  });

  it('says whether a later job made up for it exactly where it failed or stopped', () => {
    expect(execution().facts).toEqual({ origin: 'JOB', rerunCompleted: false });
    expect(execution({ ProcessingJobStatus: 'Stopped' }, { rerunCompleted: true }).facts['rerunCompleted']).toBe(true);
    for (const ProcessingJobStatus of ['Completed', 'InProgress', 'Stopping']) {
      expect(execution({ ProcessingJobStatus }, { rerunCompleted: true }).facts).not.toHaveProperty('rerunCompleted');
    }
  });

  it('gets a version of its own when a later job made up for it', () => {
    expect(idOf(execution({}, { rerunCompleted: true }))).not.toBe(idOf(execution()));
    expect(execution({}, { rerunCompleted: true }).findingKey).toBe(execution().findingKey);
    expect(idOf(execution({}, { tags: { a: 'b' } }))).toBe(idOf(execution()));
  });

  it('of a monitor has that origin', () => {
    expect(execution({ MonitoringScheduleArn: 'arn:aws:sagemaker:eu-west-1:111122223333:monitoring-schedule/b' }).facts['origin']).toBe(
      'MONITORING',
    );
  });

  it('without a name is a gap', () => {
    const { ProcessingJobName: _name, ...unnamed } = job;
    expect(gapsOf(apiItem('sagemaker-clarify', 'execution', unnamed))).toMatchObject([{ reason: 'malformed' }]);
  });
});

describe('when a model was first released', () => {
  const span = (notBefore: string, notAfter: string) => ({ notBefore, notAfter });

  it('lies between the making of the configuration and the last change of the endpoint', () => {
    expect(endpointRelease('2026-10-15', '2026-06-01', '2026-10-16')).toEqual(span('2026-10-15', '2026-10-16'));
    expect(endpointRelease('2026-10-15', '2026-10-15T1', null)).toEqual(span('2026-10-15', '2026-10-15T1'));
    expect(endpointRelease(null, '2026-06-01', '2026-10-16')).toBeUndefined();
  });

  it('of two releases is the first of them', () => {
    expect(firstRelease(span('b', 'c'), span('a', 'd'))).toEqual(span('a', 'c'));
    expect(firstRelease(undefined, span('a', 'd'))).toEqual(span('a', 'd'));
  });

  it('settles an analysis before and after, and leaves one between open', () => {
    const release = span('2026-10-15', '2026-10-16');
    expect(timingOf('2026-10-15', release)).toBe('BEFORE');
    expect(timingOf('2026-10-15T12', release)).toBe('UNKNOWN');
    expect(timingOf('2026-10-17', release)).toBe('AFTER');
    expect(timingOf('2026-10-01', null)).toBe('UNKNOWN');
    expect(timingOf(null, release)).toBe('UNKNOWN');
  });
});

describe('an fmeval result', () => {
  const toxicity = {
    eval_name: 'toxicity',
    dataset_name: 'bold',
    dataset_scores: [
      { name: 'toxicity', value: 0.03 },
      { name: 'insult', value: null },
    ],
    category_scores: [{ name: 'religion', scores: [{ name: 'toxicity', value: 0.1 }] }],
    output_path: '/tmp/rows.jsonl',
    prompt_template: '$model_input',
  };

  it('gives one metric for each score, of the whole set and of each category', () => {
    const found = observe(fileItem('fmeval', toxicity, 'eval.json'));
    expect(found.map(({ facts }) => [facts['score'], facts['group'], facts['valueState'], facts['value']])).toEqual([
      ['toxicity', '', 'NUMBER', 0.03],
      ['insult', '', 'NULL', undefined],
      ['toxicity', 'religion', 'NUMBER', 0.1],
    ]);
    expect(found[0]).toMatchObject({
      kind: 'metric',
      detail: { eval_name: 'toxicity', dataset_name: 'bold', score: { name: 'toxicity', value: 0.03 } },
      facts: { section: 'fmeval', metric: 'toxicity', origin: 'FILE', thresholdOutcome: 'NO_THRESHOLD' },
    });
    expect(JSON.stringify(found)).not.toContain('rows.jsonl');
  });

  it('that failed gives one metric without a score', () => {
    const one = observeOne(fileItem('fmeval', { eval_name: 'toxicity', dataset_name: 'bold', error: 'endpoint failed' }, 'e.json'));
    expect(one.facts).toMatchObject({ metric: 'toxicity', valueState: 'MISSING', group: '' });
    expect(one.facts).not.toHaveProperty('score');
    expect(one.detail).toEqual({ eval_name: 'toxicity', dataset_name: 'bold', error: 'endpoint failed' });
  });

  it('has the same ids in a list read as a whole and in one read piece by piece', () => {
    const other = { ...toxicity, eval_name: 'prompt_stereotyping' };
    const text = JSON.stringify([toxicity, other]);
    const whole = observe(s3Item('fmeval', text, 's3://b/eval.json')).map(idOf);
    const { sha256 } = s3Item('fmeval', text, 's3://b/eval.json').context;
    const pieces = [toxicity, other].flatMap((one) => observe(fileItem('fmeval', one, 'eval.json', { sha256: String(sha256) })).map(idOf));
    expect(new Set(whole).size).toBe(6);
    expect(pieces).toEqual(whole);
  });
});
