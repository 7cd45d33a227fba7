// SPDX-License-Identifier: Apache-2.0
import { cpSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type * as z from 'zod';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { controlsShape } from '../../src/cli/output-shapes/controls-shape.ts';
import { rebuildShape, verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { gapsShape } from '../../src/cli/output-shapes/record-list-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import type { EvidenceRecord } from '../../src/evidence/record.ts';
import { parseRecord } from '../../src/evidence/record-schema.ts';
import { aims, aimsJson } from '../support/aims-command.ts';
import { definedFacts, definitionOf, factFaults } from '../support/defined-facts.ts';
import { type IndexState, indexState, lastingState, observationsIn, vaultLines } from '../support/home-state.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('sample-account');
const collectArgs = ['collect', '--from', 'sample'];
let made: string;
let report: z.infer<typeof collectShape>;
let state: IndexState;
let records: EvidenceRecord[];

beforeAll(async () => {
  made = await directory();
  report = await aimsJson(collectShape, made, collectArgs);
  state = await indexState(join(made, '.aims'));
  records = (await vaultLines(join(made, '.aims'))).map(parseRecord);
}, 60_000);

async function copy(): Promise<string> {
  const at = await directory();
  cpSync(made, at, { recursive: true });
  return at;
}

const noDigests = 'the sample account has no trail bucket, so no digest files';
const digests = 'test/wire/cloudtrail-digests.test.ts';
const revised = 'a fact changes only when the same answer is read again with other files of a person, or an older run is found later';

/** Facts that no record of the sample carries: why, and the test that shows them. */
const elsewhere: Readonly<Record<string, readonly [reason: string, test: string]>> = {
  'cloudtrail.digestChain': [noDigests, digests],
  'cloudtrail.digestSignature': [noDigests, digests],
  'cloudtrail.digestHashes': [noDigests, digests],
  'cloudtrail.digestProblems': [noDigests, digests],
  'cloudtrail.digestGap': [noDigests, digests],
  'cloudtrail.digestPublicKey': [noDigests, digests],
  'cloudtrail.digestSignatureValue': [noDigests, digests],
  'cloudtrail.logFilesListed': [noDigests, 'test/unit/cloudtrail/folder-digests.test.ts'],
  'cloudtrail.logFilesChecked': [noDigests, 'test/unit/cloudtrail/folder-digests.test.ts'],
  'cloudtrail.principalSourceIdentity': ['nobody in the sample sets one', 'test/unit/cloudtrail/derivations.test.ts'],
  'sagemaker-clarify.revision': [revised, 'test/unit/sources/clarify/analysis.test.ts'],
  'sagemaker-clarify.score': ['the sample has no fmeval results', 'test/unit/sources/clarify/jobs.test.ts'],
  'sagemaker-model-monitor.baseliningJob': ['its definitions name files, not jobs', 'test/unit/sources/model-monitor/documents.test.ts'],
  'sagemaker-model-monitor.revision': [revised, 'test/unit/sources/model-monitor/violations.test.ts'],
  'securityhub.requiresSystemTag': ['no tagging control is checked in it', 'test/unit/sources/securityhub/asff.test.ts'],
};

const total = (name: 'itemsRead' | 'recordsStored' | 'scopeGaps') => report.runs.reduce((sum, run) => sum + run[name], 0);

describe('the sample account, collected over the wire', () => {
  it('gives a run for each source, account and Region, and accounts for every item', () => {
    expect(report.runs).toHaveLength(5 * 2 * 2);
    expect(new Set(report.runs.map(({ id }) => id)).size).toBe(20);
    // That read = stored + known + gaps holds for each run is part of the shape.
    expect(total('itemsRead')).toBeGreaterThan(1000);
    for (const run of report.runs) {
      const held = observationsIn(state).filter((entry) => entry.run === run.id);
      expect({ run: run.id, stored: held.length }).toEqual({ run: run.id, stored: run.recordsStored });
    }
  });

  it('stores whole records, each as the published schema says, under the channel "sample"', () => {
    expect(records.length).toBe(state.entries.length);
    const [own, observed] = [true, false].map((isOwn) =>
      records.filter(({ core }) => ['plan', 'receipt', 'gap'].includes(core.kind) === isOwn),
    );
    expect(new Set(own?.map(({ core }) => core.channel))).toEqual(new Set([null]));
    expect(new Set(observed?.map(({ core }) => core.channel?.kind))).toEqual(new Set(['sample']));
    expect(observed).toHaveLength(total('recordsStored'));
    expect(observed?.every(({ core }) => core.readAs?.includes('aims-evidence-collector'))).toBe(true);
  });

  it('tells what could not be seen: a denied Region, and Macie that is off where it is off', async () => {
    const { open, all = [] } = await aimsJson(gapsShape, made, ['gaps', '--all']);
    expect(all).toHaveLength(total('scopeGaps'));
    // One call that was refused twice, for events and for insights, stands open once.
    const places = all.map(({ source, title, ...entry }) => [source, entry['account'], entry['region'], title].join());
    expect(open).toHaveLength(new Set(places).size);
    const reasons = new Set(open.map(({ reason }) => reason));
    expect(reasons.has('denied') && reasons.has('off')).toBe(true);
    expect(open.filter(({ reason, source }) => reason === 'off' && source === 'macie').map((gap) => gap['account'])).toContain(
      '444455556666',
    );
    const denied = open.filter(({ reason }) => reason === 'denied');
    expect(new Set(denied.map((gap) => gap['region'])).size).toBe(1);
  });

  it('gives each run a plan before and a receipt after, with equal counts', () => {
    for (const run of report.runs) {
      const own = records.filter(({ core }) => core.run === run.id && ['plan', 'receipt'].includes(core.kind));
      expect(own.map(({ core }) => core.kind).sort()).toEqual(['plan', 'receipt']);
      const receipt = own.find(({ core }) => core.kind === 'receipt')?.raw.detail;
      const { itemsRead, recordsStored, duplicates, itemGaps, scopeGaps } = run;
      expect(receipt).toMatchObject({ run: run.id, counts: { itemsRead, recordsStored, duplicates, itemGaps, scopeGaps } });
    }
  });

  it('supports and questions controls, and never says that one is met', async () => {
    const coverage = await aimsJson(controlsShape, made, ['controls']);
    expect(coverage.items).toHaveLength(70);
    expect(state.counts.length).toBeGreaterThan(50);
    const polarities = new Set(observationsIn(state).flatMap(({ controls }) => controls.map(({ polarity }) => polarity)));
    expect(polarities.has('supports') && polarities.has('exception')).toBe(true);
  });

  it('carries facts that are defined for their source, of the type and values that are declared', () => {
    const observed = records.filter(({ core }) => !['plan', 'receipt', 'gap'].includes(core.kind));
    expect(observed.length).toBeGreaterThan(3_000);
    expect([...new Set(observed.flatMap(({ core, raw }) => factFaults(core.source, raw.facts)))]).toEqual([]);
  });

  it('shows every fact that is defined, but those named here with what else shows them', () => {
    const shown = new Set(records.flatMap(({ core, raw }) => Object.keys(raw.facts).map((name) => definitionOf(core.source, name))));
    expect([...definedFacts.keys()].filter((key) => !shown.has(key)).sort()).toEqual(Object.keys(elsewhere).sort());
    for (const [key, [_reason, test]] of Object.entries(elsewhere))
      expect({ key, named: readFileSync(test, 'utf8').includes(key.split('.')[1] ?? key) }).toEqual({ key, named: true });
  });

  it('verifies to the last record, and any record can be shown with its proof', async () => {
    expect(await aimsJson(verifyShape, made, ['verify', '--records'])).toMatchObject({ ok: true, problems: [], pending: [] });
    for (const kind of ['plan', 'receipt', 'gap', 'finding', 'activity', 'execution', 'state', 'metric', 'document']) {
      const entry = state.entries.find((one) => one.kind === kind);
      expect(await aimsJson(showShape, made, ['show', entry?.id ?? kind])).toMatchObject({ record: { core: { kind } }, proofHolds: true });
    }
  });

  it('that is collected again stores nothing and changes no count', async () => {
    const at = await copy();
    const { runs } = await aimsJson(collectShape, at, collectArgs);
    const again = runs
      .filter(({ recordsStored }) => recordsStored > 0)
      .map(({ source, region, recordsStored }) => ({ source, region, recordsStored }));
    expect(again).toEqual([]);
    expect(runs.map(({ itemsRead }) => itemsRead)).toEqual(report.runs.map(({ itemsRead }) => itemsRead));
    expect(lastingState(await indexState(join(at, '.aims')))).toEqual(lastingState(state));
  }, 30_000);

  it('has an index that a rebuild makes again as it was', async () => {
    const at = await copy();
    await aimsJson(rebuildShape, at, ['index', 'rebuild']);
    expect(await indexState(join(at, '.aims'))).toEqual(state);
  });

  it('refuses to be mixed with real evidence', async () => {
    const at = await copy();
    expect(await aims(at, ['collect', '--from', '.'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('HOME_MIXED'),
    });
    expect(await indexState(join(at, '.aims'))).toEqual(state);
  });

  it('is what `npm start` shows, with next commands that work', async () => {
    const at = await copy();
    renameSync(join(at, '.aims'), join(at, '.aims-sample'));
    const { code, stdout, stderr } = await aims(at, ['start']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [, shown = ''] = /^What `npm start` shows.*\n\n```\n([\s\S]*?)^```$/m.exec(readFileSync('README.md', 'utf8')) ?? [];
    const lines = shown.split('\n').filter((line) => line !== '' && line.trim() !== '…');
    expect(lines.length).toBeGreaterThan(10);
    // This home held everything before, so how many were new and how many segments there are is another than at first.
    const told = lines.map((line) => line.replace(/^(Read .*?): .*|^(Evidence .*?): .*/, '$1$2'));
    expect(told.filter((line) => !stdout.includes(line))).toEqual([]);
    const next = [...stdout.matchAll(/^ {2}npx aims (.+?)(?: {2,}.*)?$/gm)].map(([, command = '']) => command.trim().split(/\s+/));
    expect(next.map(([name]) => name)).toEqual(['controls', 'show', 'verify']);
    for (const args of next) expect(await aims(at, args)).toMatchObject({ code: 0, stderr: '' });
  }, 30_000);

  it('is read in part when a window and a source are asked for', async () => {
    const at = await directory();
    const { runs } = await aimsJson(collectShape, at, [...collectArgs, '--source', 'cloudtrail', '--since', '3d']);
    expect(runs).toHaveLength(4);
    for (const run of runs) expect(run['since']).toBe('2026-11-08T00:00:00.000Z');
    const all = report.runs.filter(({ source }) => source === 'cloudtrail').reduce((sum, { itemsRead }) => sum + itemsRead, 0);
    const part = runs.reduce((sum, { itemsRead }) => sum + itemsRead, 0);
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(all);
  }, 30_000);
});
