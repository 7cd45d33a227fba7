// SPDX-License-Identifier: Apache-2.0
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { collectShape } from '../../src/cli/output-shapes/collection-shapes.ts';
import { rebuildShape, verifyShape } from '../../src/cli/output-shapes/ledger-shapes.ts';
import { showShape } from '../../src/cli/output-shapes/show-shape.ts';
import { readSegment } from '../../src/collect/reconcile.ts';
import { rebuildIndex } from '../../src/evidence-index/rebuild-index.ts';
import { openHomeForWriting } from '../../src/runtime/directory-home.ts';
import { aimsJson } from '../support/aims-command.ts';
import { logFile, oneOfEach, writeFiles } from '../support/evidence-folder.ts';
import { indexState, observationsIn } from '../support/home-state.ts';
import { trailRecord } from '../support/intake.ts';
import { temporaryDirectories } from '../support/temporary-directory.ts';

const directory = temporaryDirectories('index-order');
const collect = (at: string, from: string) => aimsJson(collectShape, at, ['collect', '--from', from]);

/** Takes what the vault holds and the index does not into the index, as the next collection would. */
async function takeIn(at: string): Promise<void> {
  const home = await openHomeForWriting(join(at, '.aims'), null);
  try {
    await rebuildIndex({ vault: home.vault, index: home.index, openSegment: readSegment });
  } finally {
    await home.close();
  }
}

describe('records that stand in two segments', () => {
  it('give one index, whichever segment came first, live, caught up or rebuilt', async () => {
    const [one, other] = [await directory(), await directory()];
    const cut = { 'trail/cut.json': `{"Records":[${trailRecord('e-7')},{"eventVersion":` };
    await writeFiles(join(one, 'empty'), { 'note.txt': 'nothing' });
    await writeFiles(join(one, 'in'), {
      ...oneOfEach,
      ...cut,
      'trail/more.json.gz': logFile(trailRecord('e-1', { eventName: 'InvokeEndpoint' })),
    });
    await collect(one, 'empty');
    // Both have the same secret and key, and each collects the same things without knowing of the other.
    cpSync(one, other, { recursive: true });
    await collect(one, 'in');
    await collect(other, 'in');
    const alone = await indexState(join(one, '.aims'));
    cpSync(join(one, '.aims/vault'), join(other, '.aims/vault'), { recursive: true, force: false });
    cpSync(join(other, '.aims/vault'), join(one, '.aims/vault'), { recursive: true, force: false });
    await takeIn(one);
    await takeIn(other);
    const [both, reversed] = [await indexState(join(one, '.aims')), await indexState(join(other, '.aims'))];
    expect(both.segments.length).toBeGreaterThan(alone.segments.length);
    expect(both).toEqual(reversed);
    expect(both.counts).toEqual(alone.counts);
    expect(observationsIn(both).map(({ id }) => id)).toEqual(observationsIn(alone).map(({ id }) => id));
    expect(both.openGaps).toHaveLength(1);
    await aimsJson(rebuildShape, one, ['index', 'rebuild']);
    expect(await indexState(join(one, '.aims'))).toEqual(both);
  });

  it('can be shown before they are sealed, and verify once the next collection has sealed them', async () => {
    const [one, other] = [await directory(), await directory()];
    await writeFiles(join(one, 'in'), oneOfEach);
    await collect(one, 'in');
    cpSync(one, other, { recursive: true });
    await writeFiles(join(other, 'more'), { 'a.json': `[${trailRecord('e-8')}]` });
    await collect(other, 'more');
    cpSync(join(other, '.aims/vault'), join(one, '.aims/vault'), { recursive: true, force: false });
    const found = await aimsJson(verifyShape, one, ['verify']);
    expect(found).toMatchObject({ ok: true, pending: expect.arrayContaining([expect.objectContaining({ kind: 'unsealed' })]) });
    await takeIn(one);
    const id =
      observationsIn(await indexState(join(one, '.aims'))).find(({ segment }) => JSON.stringify(found).includes(segment))?.id ?? '';
    expect(await aimsJson(showShape, one, ['show', id])).toMatchObject({ proof: null, proofHolds: false });
    await collect(one, 'in');
    expect(await aimsJson(showShape, one, ['show', id])).toMatchObject({ proofHolds: true });
    expect(await aimsJson(verifyShape, one, ['verify', '--records'])).toMatchObject({ ok: true, pending: [] });
  });
});
