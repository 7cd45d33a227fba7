// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { directoryOf, reportPlace } from '../../../../src/sources/report/report-place.ts';

describe('the place of a report', () => {
  const uri = 's3://amzn-s3-demo-bucket/reports/claims/claims-dq/2026/11/20/08/constraint_violations.json';

  it('names endpoint, schedule and hour of a monitoring run', () => {
    expect(reportPlace(uri)).toEqual({
      runKey: 'claims-dq/2026/11/20/08',
      endpoint: 'claims',
      schedule: 'claims-dq',
      runTime: '2026-11-20T08:00:00.000Z',
    });
  });

  it('has the same run key in a folder copied from the bucket, at any depth down to the schedule', () => {
    for (const path of ['reports/claims/claims-dq/2026/11/20/08/x.json', 'claims-dq/2026/11/20/08/x.json']) {
      expect(reportPlace(path).runKey).toBe(reportPlace(uri).runKey);
    }
    expect(reportPlace('2026/11/20/08/x.json')).toMatchObject({ runKey: '2026/11/20/08', schedule: null });
  });

  it('takes no impossible date for an hour', () => {
    expect(reportPlace('a/b/2026/13/20/08/x.json').runTime).toBeNull();
  });

  it('tells runs apart by the last dated directory where the layout is another', () => {
    expect(reportPlace('s3://b/clarify/bias-2026-10-13-09-00/out/analysis.json').runKey).toBe('bias-2026-10-13-09-00/out');
    expect(reportPlace('kept-2026-11-01/bias-20261013/analysis.json').runKey).toBe('bias-20261013');
  });

  it('names no run where nothing is dated; the file name and the bucket never count', () => {
    expect(reportPlace('s3://logs-2026-10-13/a/analysis-2026-10-13.json').runKey).toBe('');
    expect(reportPlace('analysis.json').runKey).toBe('');
  });

  it('has a directory', () => {
    expect(directoryOf('a/b/c.json')).toBe('a/b');
    expect(directoryOf('c.json')).toBe('');
  });
});
