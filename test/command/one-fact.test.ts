// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { asff, ocsf } from '../fixtures/securityhub/findings.ts';
import { aimsJson } from '../support/aims-command.ts';
import { analysis, eventBridge, logFile, violations, writeFiles } from '../support/evidence-folder.ts';
import { indexState, observationsIn } from '../support/home-state.ts';
import { trailRecord } from '../support/intake.ts';
import { eventDetail, savedFinding, sensitiveFinding } from '../support/macie.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('one-fact');

/** Collects each form in a run of its own into one home; the ids of the observations after each run. */
async function idsOfForms(source: string, forms: Readonly<Record<string, string | Uint8Array>>): Promise<string[][]> {
  const at = await directory();
  const after: string[][] = [];
  for (const [name, content] of Object.entries(forms)) {
    await writeFiles(join(at, name), { 'file.json': content });
    const { runs } = await aimsJson(collectShape, at, ['collect', '--from', name, '--source', source]);
    expect({ name, read: (runs[0]?.itemsRead ?? 0) > 0, gaps: runs[0]?.itemGaps }).toEqual({ name, read: true, gaps: 0 });
    after.push(observationsIn(await indexState(join(at, '.aims'))).map(({ id }) => id));
  }
  return after;
}

function expectOneFact(after: readonly (readonly string[])[], observations: number): void {
  expect(after[0]).toHaveLength(observations);
  for (const ids of after) expect(ids).toEqual(after[0]);
}

describe('one fact that reaches a home by several ways is one record:', () => {
  it('a CloudTrail event by log file, EventBridge event, LookupEvents answer and CloudWatch Logs export', async () => {
    const event = trailRecord('same-event');
    const lookedUp = { EventId: 'same-event', EventName: 'CreateEndpoint', EventTime: 1795082400.0, CloudTrailEvent: event };
    const logEvent = { id: '1', timestamp: 1, message: event };
    const forms = {
      log: logFile(event),
      event: eventBridge('aws.sagemaker', 'AWS API Call via CloudTrail', event),
      lookup: JSON.stringify({ Events: [lookedUp], NextToken: 'x' }, null, 4),
      export: gzipSync(JSON.stringify({ messageType: 'DATA_MESSAGE', logGroup: 'trail', logEvents: [logEvent] })),
      lines: `${event}\n${event}\n`,
    };
    expectOneFact(await idsOfForms('cloudtrail', forms), 1);
  });

  it('a Security Hub finding in ASFF by GetFindings answer, EventBridge event, array and alone', async () => {
    const text = JSON.stringify(asff);
    const forms = {
      answer: JSON.stringify({ Findings: [asff], NextToken: 'x' }, null, 2),
      event: eventBridge('aws.securityhub', 'Security Hub Findings - Imported', `{"findings":[${text}]}`),
      array: `[${text}]`,
      alone: text,
    };
    expectOneFact(await idsOfForms('securityhub', forms), 1);
  });

  it('a Security Hub finding in OCSF by GetFindingsV2 answer and EventBridge event', async () => {
    const forms = {
      answer: JSON.stringify({ Findings: [ocsf] }),
      event: eventBridge('aws.securityhub', 'Findings Imported V2', `{"findings":[${JSON.stringify(ocsf)}]}`),
    };
    expectOneFact(await idsOfForms('securityhub', forms), 1);
  });

  it('a Macie finding by GetFindings answer, EventBridge event and as boto3 saves it', async () => {
    const forms = {
      answer: JSON.stringify({ findings: [sensitiveFinding] }),
      event: eventBridge('aws.macie', 'Macie Finding', JSON.stringify(eventDetail)),
      saved: JSON.stringify([savedFinding], null, 1),
    };
    expectOneFact(await idsOfForms('macie', forms), 1);
  });

  it('a Model Monitor report from two downloads of the same run', async () => {
    const text = JSON.stringify(violations, null, 2);
    expectOneFact(await idsOfForms('sagemaker-model-monitor', { first: text, second: text }), 2);
  });

  it('a Clarify analysis from two downloads of the same run', async () => {
    const text = JSON.stringify(analysis);
    expectOneFact(await idsOfForms('sagemaker-clarify', { first: text, second: text }), 3);
  });
});

describe('facts that differ', () => {
  it('are two records: a finding that was updated, and a report with other numbers', async () => {
    const updated = { ...asff, UpdatedAt: '2026-11-02T10:00:00.000Z', ProcessedAt: '2026-11-02T10:00:04.000Z' };
    const hub = await idsOfForms('securityhub', { old: JSON.stringify([asff]), new: JSON.stringify([updated]) });
    expect(hub.map((ids) => ids.length)).toEqual([1, 2]);
    const report = JSON.stringify(analysis);
    const clarify = await idsOfForms('sagemaker-clarify', { old: report, new: report.replace('0.71', '0.72') });
    expect(clarify.map((ids) => ids.length)).toEqual([3, 6]);
  });
});
