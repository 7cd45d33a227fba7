// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { Fault } from './fault.ts';
import { FaultyServers, type HomePlace, Processes } from './faulty-home.ts';
import { Pipeline } from './pipeline.ts';

const servers = new FaultyServers();
const later = '2026-11-21T03:00:00.000Z';

async function operated(place: HomePlace): Promise<Pipeline> {
  const pipeline = new Pipeline(await Processes.start(servers, place, new Fault(0, 'before', null)));
  await pipeline.plan();
  await pipeline.collect();
  await pipeline.project();
  await pipeline.seal('everything');
  return pipeline;
}

/** What the topic handed out last, without the words around it. */
function keptCheckpoint({ published }: Pipeline): string {
  return published.at(-1)?.split('\n\n').slice(2).join('\n\n') ?? '';
}

describe('a vault and keys that are adopted with an empty table', () => {
  it('fill the index again, restore the head, and the next seal continues what was signed', async () => {
    const place = await servers.newHome();
    const before = await operated(place);
    const expected = await before.lasting();
    const kept = keptCheckpoint(before);
    expect(expected.findings.length).toBeGreaterThan(0);
    before.processes.close();

    const after = new Pipeline(await Processes.start(servers, { ...place, table: await servers.newTable() }, new Fault(0, 'before', null)));
    expect((await after.lasting()).findings).toEqual([]);
    await after.functions.audit(later, 'rebuild');
    expect(await after.lasting()).toEqual(expected);
    expect(await after.seal('open-days')).toMatchObject({ added: 0, damaged: 0 });
    expect(after.functions.telemetry.problems.map(({ what }) => what)).toContain('ledger head restored');
    expect(await after.verified(kept)).toMatchObject({ problems: [] });

    await after.plan(later);
    await after.collect();
    await after.project();
    expect(await after.seal('open-days')).toMatchObject({ damaged: 0, disturbed: 0 });
    const found = await after.verified(kept);
    expect(found).toMatchObject({ problems: [], leaves: found.segments });
    expect((await after.lasting()).findings).toEqual(expected.findings);
    after.processes.close();
  });

  it('are continued once where two functions restore the head at one time', async () => {
    const place = await servers.newHome();
    const before = await operated(place);
    const kept = keptCheckpoint(before);
    await before.plan(later);
    before.processes.close();
    const moved = { ...place, table: await servers.newTable() };
    const pipelines = await Promise.all(
      [1, 2].map(async () => new Pipeline(await Processes.start(servers, moved, new Fault(0, 'before', null)))),
    );
    const added = await Promise.all(pipelines.map(async (pipeline) => (await pipeline.seal()).added));
    expect(added.reduce((sum, one) => sum + one, 0)).toBe(1);
    for (const pipeline of pipelines) {
      expect(await pipeline.verified(kept)).toMatchObject({ problems: [] });
      pipeline.processes.close();
    }
  });

  it('are not continued with a key that signed nothing of it: no head is written', async () => {
    const place = await servers.newHome();
    const before = await operated(place);
    before.processes.close();
    const other = { ...place, table: await servers.newTable(), signingKey: await servers.newKey() };
    const after = new Pipeline(await Processes.start(servers, other, new Fault(0, 'before', null)));
    await expect(after.seal()).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
    expect(await after.processes.ledger.readHead()).toBeNull();
    after.processes.close();
  });
});

describe('a signing key that is replaced', () => {
  it('signs once together with the new one; then the new one goes on alone, and an old checkpoint still verifies', async () => {
    const place = await servers.newHome();
    const before = await operated(place);
    const kept = keptCheckpoint(before);
    const oldKey = before.processes.signer.verifierKey;
    before.processes.close();

    // First step: one more key, the old one named beside it.
    const replacing = { ...place, signingKey: await servers.newKey(), previousSigningKey: place.signingKey };
    const during = new Pipeline(await Processes.start(servers, replacing, new Fault(0, 'before', null)));
    await during.plan(later);
    await during.seal('everything');
    expect(keptCheckpoint(during).match(/^— /gm)).toHaveLength(2);
    expect(await during.verified(kept)).toMatchObject({ problems: [] });
    during.processes.close();

    // Second step: the old one is named no more.
    const after = new Pipeline(await Processes.start(servers, { ...replacing, previousSigningKey: null }, new Fault(0, 'before', null)));
    await after.plan('2026-11-21T04:00:00.000Z');
    await after.seal('everything');
    expect(keptCheckpoint(after).match(/^— /gm)).toHaveLength(1);
    expect(after.published.at(-1)).not.toContain(oldKey);
    after.processes.place = replacing;
    await after.processes.restart();
    expect(await after.verified(kept)).toMatchObject({ problems: [] });
    after.processes.close();
  });

  it('is not followed by one that it never signed with: the seal refuses until the old one is named', async () => {
    const place = await servers.newHome();
    const before = await operated(place);
    await before.plan(later);
    before.processes.close();
    const forgot = { ...place, signingKey: await servers.newKey() };
    const refused = new Pipeline(await Processes.start(servers, forgot, new Fault(0, 'before', null)));
    await expect(refused.seal()).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
    refused.processes.place = { ...forgot, previousSigningKey: place.signingKey };
    await refused.processes.restart();
    expect(await refused.seal()).toMatchObject({ added: 1 });
    refused.processes.close();
  });
});
