// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { eventBridge, type Files, logFile, oneOfEach, oneOfEachItems, writeFiles } from '../support/evidence-folder.ts';
import { claimsById, indexState, lastingState, observationsIn, vaultRecords } from '../support/home-state.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('collect-files');

async function folder(files: Files): Promise<string> {
  const at = await directory();
  await writeFiles(join(at, 'in'), files);
  return at;
}

async function collect(at: string, ...more: readonly string[]) {
  return await aimsJson(collectShape, at, ['collect', '--from', 'in', ...more]);
}

const sum = (runs: readonly { readonly [name: string]: unknown }[], name: string) =>
  runs.reduce((total, run) => total + Number(run[name]), 0);

describe('a folder that is collected', () => {
  it('accounts for every item: read is stored, known or a gap, and what is not ours is listed', async () => {
    const at = await folder({
      ...oneOfEach,
      'trail/b.json': `{"Records":[${trailRecord('e-3')},{"eventSource":\xff}]}`,
      'notes.txt': 'a note',
      'other.json': '{"colour":"red"}',
    });
    const { runs, unrecognised } = await collect(at);
    expect(Object.fromEntries(runs.map((run) => [run.source, run.recordsStored]))).toEqual({ ...oneOfEachItems, cloudtrail: 3 });
    expect(sum(runs, 'itemGaps')).toBe(1);
    expect(sum(runs, 'itemsRead')).toBe(sum(runs, 'recordsStored') + sum(runs, 'duplicates') + sum(runs, 'itemGaps'));
    expect(unrecognised.map(({ path }) => path).sort()).toEqual(['notes.txt', 'other.json']);
    expect(observationsIn(await indexState(join(at, '.aims')))).toHaveLength(sum(runs, 'recordsStored'));
  });

  it('passes over nothing that holds nothing: a clean report is a record, a list without items is listed', async () => {
    const at = await folder({
      'clean/constraint_violations.json': '{"violations":[]}',
      'event.json': eventBridge('aws.securityhub', 'Security Hub Findings - Imported', '{"findings":[]}'),
      'logs.json': '{"messageType":"DATA_MESSAGE","logEvents":[]}',
      'own.json': `{"record":${trailRecord('e-1')},"other":{"colour":"red"}}`,
    });
    const { runs, unrecognised } = await collect(at);
    expect(runs.filter(({ itemsRead }) => itemsRead > 0).map(({ source, recordsStored }) => [source, recordsStored])).toEqual([
      ['sagemaker-model-monitor', 1],
      ['cloudtrail', 1],
    ]);
    expect(unrecognised.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'event.json no items: detail.findings is empty',
      'logs.json no items: logEvents is empty',
      'own.json beside evidence, in its member other: JSON of an unknown shape with colour',
    ]);
    const { stdout } = await aims(at, ['explain', 'in/clean/constraint_violations.json']);
    expect(stdout).toContain('no violations found');
  });

  it('that is collected again stores nothing and changes no count', async () => {
    const at = await folder(oneOfEach);
    await collect(at);
    const before = await indexState(join(at, '.aims'));
    expect(before.counts.length).toBeGreaterThan(5);
    const { runs } = await collect(at);
    expect(sum(runs, 'recordsStored')).toBe(0);
    expect(sum(runs, 'duplicates')).toBe(observationsIn(before).length);
    expect(lastingState(await indexState(join(at, '.aims')))).toEqual(lastingState(before));
    expect(await aimsJson(verifyShape, at, ['verify', '--records'])).toMatchObject({ ok: true, problems: [] });
  });

  it('twice in one folder is stored once and counted as known', async () => {
    const at = await folder({ 'a.json.gz': logFile(trailRecord('e-1')), 'b/copy.json': `{"Records":[${trailRecord('e-1')}]}` });
    const { runs } = await collect(at, '--source', 'cloudtrail');
    expect(runs).toMatchObject([{ itemsRead: 2, recordsStored: 1, duplicates: 1, itemGaps: 0 }]);
    const records = await vaultRecords(join(at, '.aims'));
    expect(records.filter(({ core }) => core.kind === 'activity')).toHaveLength(1);
  });

  it('reads only the sources that were asked for and lists the rest', async () => {
    const at = await folder(oneOfEach);
    const { runs, unrecognised } = await collect(at, '--source', 'macie', '--source', 'securityhub');
    expect(runs.map((run) => [run.source, run.itemsRead]).sort()).toEqual([
      ['macie', 1],
      ['securityhub', 1],
    ]);
    expect(unrecognised.map(({ path }) => path)).toContain('trail/a.json.gz');
  });

  it('leaves nothing in its scratch folder and no lock that would stop the next', async () => {
    const at = await folder(oneOfEach);
    await collect(at);
    const { stdout } = await aims(at, ['collect', '--from', 'in']);
    expect(stdout).toContain('evidence: ');
    await collect(at);
  });
});

describe('the names of files', () => {
  // The one event decides whether the account holds an AI resource; the other's claim depends on that.
  const stop = logFile(
    trailRecord('stop', { eventSource: 'cloudtrail.amazonaws.com', eventName: 'StopLogging', requestParameters: { name: 'main' } }),
  );
  const invoke = logFile(
    trailRecord('invoke', { eventSource: 'bedrock.amazonaws.com', eventName: 'InvokeModel', requestParameters: { modelId: 'm' } }),
  );

  async function collected(files: Files): Promise<string[]> {
    const at = await folder(files);
    await collect(at, '--source', 'cloudtrail');
    return claimsById(await indexState(join(at, '.aims')));
  }

  it('do not decide whether an event that waits for its approval to be found shows an AI resource', async () => {
    const create = logFile(trailRecord('create'));
    const one = await collected({ 'a.json.gz': stop, 'b.json.gz': create });
    expect(one.find((line) => line.includes('A.6.2.8 '))).toBeDefined();
    expect(await collected({ 'b.json.gz': stop, 'a.json.gz': create })).toEqual(one);
  });

  it('and so their order change neither ids nor claims', async () => {
    const one = await collected({ 'a.json.gz': stop, 'b.json.gz': invoke });
    expect(one).toHaveLength(2);
    // Beside an AI resource a stopped trail is more than context for 6.1.2.
    const alone = await collected({ 'a.json.gz': stop });
    expect(one).not.toContain(alone[0]);
    expect(one.some((line) => line.startsWith(alone[0]?.slice(0, 64) ?? '-'))).toBe(true);
    expect(await collected({ 'b.json.gz': stop, 'a.json.gz': invoke })).toEqual(one);
    expect(await collected({ 'z/1.json.gz': invoke, 'y/2/x.json.gz': stop })).toEqual(one);
  });
});
