// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { SqliteIndex } from '../../../../src/evidence-index/sqlite-index.ts';
import { FunctionHome, record } from '../../../support/function-home.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { scripted } from '../../../support/scripted-source.ts';

const sentAt = '2026-11-01T01:59:00.000Z';
const day = (n: number, time = '02:50') => `2026-11-${String(n).padStart(2, '0')}T${time}:00.000Z`;
const poison = (receives: number, { id = 'poison', queue = 'macie.fifo', sent = sentAt } = {}) =>
  record({ id, body: '{', receives, sentAt: sent }, queue);

/** One home that reads Macie, with some dead letters; its clock stands until it is set. */
function homeOf() {
  const [vault, index] = [new MemoryVault(), SqliteIndex.open({ path: ':memory:', isAiResource: () => false })];
  const clock = { at: day(1, '02:00') };
  const home = (deadLetters: Readonly<Record<string, number | null>> = {}) =>
    new FunctionHome({
      vault,
      index,
      deadLetters,
      source: scripted(() => [{ find: 'a' }]),
      now: () => new Date(clock.at),
      configuration: { sources: ['macie'], regions: ['eu-west-1'] },
    });
  const open = async () => {
    await home().project();
    return (await index.openGaps()).map(({ what }) => what).filter((what) => what.startsWith('queue'));
  };
  const take = async (time: string, message: unknown) => {
    clock.at = time;
    await home().handle('macie', [message]);
    return await open();
  };
  const audit = async (time: string, deadLetters: Readonly<Record<string, number | null>> = {}) => {
    clock.at = time;
    await home(deadLetters).audit(time);
    return await open();
  };
  return { index, home, clock, open, take, audit };
}

const told = ['queue message poison'];

describe('the gap of a message that nobody can read', () => {
  it('is closed by the first audit that finds no dead letter of its queue, and not before it must be one', async () => {
    const { index, take, audit } = homeOf();
    expect(await take(day(2, '02:00'), poison(5))).toEqual(told);
    expect(await audit(day(2, '09:00'))).toEqual(told);
    expect(await audit(day(3), { MacieRuns: 1 })).toEqual(told);
    expect(await audit(day(4), { MacieRuns: null })).toEqual(told);
    expect(await audit(day(5), { MacieEvents: 7 })).toEqual([]);
    expect(await index.unfinishedPlans()).toEqual([]);
  });

  it('goes by the queue that the message was on', async () => {
    const { take, audit } = homeOf();
    await take(day(2, '02:00'), poison(5, { queue: 'macie-events' }));
    expect(await audit(day(3), { MacieEvents: 1 })).toEqual(told);
    expect(await audit(day(4), { MacieRuns: 1 })).toEqual([]);
  });

  it('stays open once its queue may have dropped the dead letter: nobody looked', async () => {
    const { take, audit } = homeOf();
    await take(day(2, '02:00'), poison(5));
    for (let night = 3; night <= 13; night++) expect(await audit(day(night), { MacieRuns: 1 })).toEqual(told);
    // Sent thirteen days and an hour ago; the night before somebody could have removed it.
    expect(await audit(day(14, '03:00'))).toEqual(told);
    expect(await audit(day(30))).toEqual(told);
  });

  it('goes by when the message was sent, not by when it was taken', async () => {
    const { take, audit } = homeOf();
    await take(day(12, '02:00'), poison(5));
    expect(await audit(day(14))).toEqual(told);
    await take(day(12, '02:00'), poison(5, { id: 'other', sent: day(11) }));
    expect(await audit(day(14))).toEqual(told);
  });

  it('stays open while the message is not dead: it comes again', async () => {
    const { take, audit } = homeOf();
    await take(day(2, '02:00'), poison(1));
    expect(await audit(day(3))).toEqual(told);
    await take(day(3, '08:00'), poison(5));
    expect(await audit(day(4))).toEqual([]);
  });

  it('is open again when the message fails again after that', async () => {
    const { index, take, audit } = homeOf();
    await take(day(2, '02:00'), poison(5));
    expect(await audit(day(3))).toEqual([]);
    expect(await take(day(3, '08:00'), poison(6))).toEqual(told);
    expect((await index.list({ kind: 'gap', limit: 10 })).records).toHaveLength(2);
    expect(await audit(day(4), { MacieRuns: 1 })).toEqual(told);
    expect(await audit(day(5))).toEqual([]);
  });
});
