// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { openCheckpoint } from '../../../../src/ledger/checkpoint.ts';
import { parseVerifierKey } from '../../../../src/ledger/note.ts';
import { openDays, sealHandler } from '../../../../src/runtime/aws/seal-handler.ts';
import { PlannedFailure } from '../../../support/failing.ts';
import { FunctionHome, lambdaContext } from '../../../support/function-home.ts';
import { MemoryLedgerStore } from '../../../support/memory-ledger-store.ts';
import { MemoryVault } from '../../../support/memory-vault.ts';
import { RecordedTelemetry } from '../../../support/recorded-telemetry.ts';
import { segmentOf } from '../../../support/sealed-lines.ts';
import { testSigner } from '../../../support/test-signer.ts';

const now = () => new Date('2026-11-21T02:00:30Z');

async function collected(vault = new MemoryVault()): Promise<FunctionHome> {
  const functions = new FunctionHome({ now, vault });
  await functions.plan('macie', '2026-11-21T02:00:00.000Z');
  return functions;
}

describe('the seal function', () => {
  it('looks at the days still written to by day, and at everything by night', async () => {
    const vault = new MemoryVault();
    const functions = await collected(vault);
    const late = new FunctionHome({ vault, now: () => new Date('2026-12-24T00:00:00Z') });
    expect(await late.seal('open-days')).toMatchObject({ added: 0, size: 0 });
    expect(await functions.seal('open-days')).toMatchObject({ added: 1, size: 1, published: false });
    expect(functions.telemetry.sum('sealed')).toBe(1);
    expect(await late.seal('everything')).toMatchObject({ added: 1, size: 1, published: true });
  });

  it('knows as open the day before and the one that a fast clock is in', () => {
    expect(openDays(new Date('2026-11-01T00:10:00Z'))).toEqual(['written=2026-10-31/', 'written=2026-11-01/', 'written=2026-11-02/']);
  });

  it('hands out at night a checkpoint that verifies with the key beside it', async () => {
    const functions = await collected();
    await functions.seal('everything');
    const [notice] = functions.published;
    const note = notice?.text.split('\n\n').slice(2).join('\n\n') ?? '';
    const [, key = ''] = /verifier key: (.+)/.exec(notice?.text ?? '') ?? [];
    expect(openCheckpoint(note, [parseVerifierKey(key)])).toMatchObject({ size: 1 });
    expect(notice?.subject).toBe('AIMS Evidence checkpoint, 1 segments');
  });

  it('publishes nothing of an empty home, and still says that it was there', async () => {
    const functions = new FunctionHome({ now });
    expect(await functions.seal('everything')).toEqual({ added: 0, size: 0, damaged: 0, disturbed: 0, published: false });
    expect([functions.published, functions.telemetry.sum('sealed')]).toEqual([[], 1]);
  });

  it('counts what cannot be read as a problem of the vault, and seals the rest', async () => {
    const vault = new MemoryVault();
    const functions = await collected(vault);
    const [held] = vault.objects.keys();
    vault.objects.set(held ?? '', Buffer.from('other bytes'));
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    expect(await functions.seal('open-days')).toMatchObject({ added: 1, damaged: 1 });
    expect(functions.telemetry.sum('vaultProblems')).toBe(1);
    expect(functions.telemetry.problems).toMatchObject([{ what: 'segment', fields: { segment: held } }]);
  });

  it('begins again at the newest checkpoint where the table lost its head, once, over everything, and rings', async () => {
    const functions = await collected();
    await functions.seal('open-days');
    const { ledger, vault, telemetry } = functions;
    if (!(ledger instanceof MemoryLedgerStore)) throw new TypeError('not in memory');
    const { head } = ledger;
    // Written long ago, so that only a seal over everything finds it.
    const old = await segmentOf('old', 1, '2026-10-01');
    await vault.put(old.key, old.bytes);
    expect(await functions.seal('open-days')).toMatchObject({ added: 0, size: 1 });
    ledger.head = null;
    expect(telemetry.sum('vaultProblems')).toBe(0);
    expect(await functions.seal('open-days')).toMatchObject({ added: 1, size: 2 });
    expect(telemetry.problems).toMatchObject([{ what: 'ledger head restored', fields: { size: head?.size } }]);
    expect(telemetry.sum('vaultProblems')).toBe(1);
    expect(await functions.seal('open-days')).toMatchObject({ added: 0, size: 2 });
    expect(telemetry.sum('vaultProblems')).toBe(1);
  });

  it('names at night what lies on top of the ledger’s own objects', async () => {
    const functions = await collected();
    const { ledger, telemetry } = functions;
    ledger.listDisturbed = async function* () {
      yield { path: 'checkpoints/000/000/000/001', what: 'hidden', reason: 'a delete marker lies on top of it' };
    };
    expect(await functions.seal('open-days')).toMatchObject({ disturbed: 0 });
    expect(await functions.seal('everything')).toMatchObject({ disturbed: 1, published: true });
    expect(telemetry.problems).toMatchObject([{ what: 'segment', fields: { segment: 'ledger/checkpoints/000/000/000/001' } }]);
    expect(telemetry.sum('vaultProblems')).toBe(1);
  });

  it('tells what it found also where the topic takes no message', async () => {
    const vault = new MemoryVault();
    const functions = await collected(vault);
    const [held] = vault.objects.keys();
    vault.objects.set(held ?? '', Buffer.from('other bytes'));
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    const { ledger, signer, telemetry } = functions;
    const publish = async () => {
      throw new PlannedFailure('no topic');
    };
    const sealing = sealHandler(
      () => telemetry,
      async () => ({ vault, ledger, signer, previousSigner: null, publish, telemetry, now }),
    )({ extent: 'everything', scheduledAt: '2026-11-21T02:00:00Z' }, lambdaContext());
    await expect(sealing).rejects.toThrow('no topic');
    expect([telemetry.sum('vaultProblems'), telemetry.sum('sealed')]).toEqual([1, 1]);
    expect(telemetry.problems.map(({ what }) => what)).toEqual(['segment', 'seal failed']);
  });

  it('counts all that was disturbed where it is too much to name, and accuses nobody for what it could not see', async () => {
    const functions = await collected();
    const { ledger, telemetry } = functions;
    ledger.listDisturbed = async function* () {
      for (let n = 0; n < 250; n++) yield { path: `checkpoints/${n}`, what: 'hidden', reason: 'a delete marker' };
      for (let n = 0; n < 250; n++) yield { path: `tile/${n}`, what: 'unseen', reason: 'access is denied' };
    };
    expect(await functions.seal('everything')).toMatchObject({ disturbed: 250, published: true });
    expect(telemetry.sum('vaultProblems')).toBe(250);
    expect(telemetry.problems.length).toBeLessThan(100);
    expect(telemetry.problems.at(-1)).toMatchObject({ what: 'protection not seen', fields: { segment: 'ledger/tile/0' } });
  });

  it('names lost protection, in the vault and in the ledger, however much is damaged, hidden and covered, and before that', async () => {
    const vault = new MemoryVault();
    const functions = await collected(vault);
    const [held = ''] = vault.objects.keys();
    const { ledger, telemetry } = functions;
    const junk = await Promise.all(Array.from({ length: 60 }, (_, n) => segmentOf(`junk ${n}`, 1, '2026-10-01')));
    for (const { key } of junk) vault.objects.set(key, Buffer.from('junk'));
    vault.list = async function* (prefix) {
      for (let n = 0; n < 150; n++) yield { key: `early ${n}`, bytes: 1, disturbances: [{ what: 'covered', reason: 'a version' }] };
      for (let n = 0; n < 150; n++) yield { key: `early ${n}`, bytes: 1, disturbances: [{ what: 'hidden', reason: 'a marker' }] };
      for await (const entry of new MemoryVault(vault.objects).list(prefix))
        yield { ...entry, ...(entry.key === held ? { disturbances: [{ what: 'unprotected', reason: 'too short' }] } : {}) };
    };
    ledger.listDisturbed = async function* () {
      for (let n = 0; n < 150; n++) yield { path: `checkpoints/${n}`, what: 'covered', reason: 'a version' };
      yield { path: 'tile/0', what: 'unprotected', reason: 'too short' };
    };
    expect(await functions.seal('everything')).toMatchObject({ damaged: 60, disturbed: 452, published: true });
    expect(telemetry.sum('vaultProblems')).toBe(512);
    const reasons = telemetry.problems
      .map(({ fields }) => fields['reason'])
      .filter((reason) => !String(reason).includes('SEGMENT_DAMAGED'));
    expect(reasons).toEqual([
      ...Array.from({ length: 2 }, () => 'too short'),
      ...Array.from({ length: 50 }, () => 'a marker'),
      ...Array.from({ length: 100 }, () => 'a version'),
    ]);
    expect(telemetry.problems).toContainEqual(expect.objectContaining({ fields: { segment: 'ledger/tile/0', reason: 'too short' } }));
    expect(telemetry.lines.find(({ what }) => what === 'sealed')?.fields).toMatchObject({ disturbed: 452 });
  });

  it('signs with both keys where one replaces the other, and publishes both', async () => {
    const [old, fresh] = [testSigner('aims-evidence/old'), testSigner('aims-evidence/new')];
    const telemetry = new RecordedTelemetry();
    const functions = await collected();
    const [vault, ledger] = [functions.vault, new MemoryLedgerStore()];
    const texts: string[] = [];
    const publish = async ({ text }: { readonly text: string }) => void texts.push(text);
    const parts = { vault, ledger, publish, telemetry, now };
    const call = { extent: 'everything', scheduledAt: '2026-11-21T02:00:00Z' };
    await sealHandler(
      () => telemetry,
      async () => ({ ...parts, signer: old, previousSigner: null }),
    )(call, lambdaContext());
    await functions.plan('macie', '2026-11-21T03:00:00.000Z');
    await sealHandler(
      () => telemetry,
      async () => ({ ...parts, signer: fresh, previousSigner: old }),
    )(call, lambdaContext());
    expect(texts[1]).toContain(fresh.verifierKey);
    expect(texts[1]).toContain(old.verifierKey);
    expect(texts[1]?.match(/^— aims-evidence\/(old|new) /gm)).toHaveLength(2);
  });

  it('fails, and says so, where the ledger is signed by a key that is not its own', async () => {
    const functions = await collected();
    await functions.seal('everything');
    const { vault, ledger, telemetry } = functions;
    const parts = {
      vault,
      ledger,
      signer: testSigner('aims-evidence/other'),
      previousSigner: null,
      publish: async () => undefined,
      telemetry,
      now,
    };
    const sealing = sealHandler(
      () => telemetry,
      async () => parts,
    )({ extent: 'everything', scheduledAt: '2026-11-21T02:00:00Z' }, lambdaContext());
    await expect(sealing).rejects.toMatchObject({ code: 'LEDGER_KEY_WRONG' });
    expect(telemetry.problems.at(-1)).toMatchObject({ what: 'seal failed' });
  });
});
