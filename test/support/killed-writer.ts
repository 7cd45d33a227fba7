// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

/*
 * A process of its own that puts segments and seals, and kills itself (SIGKILL) at one chosen call to the file system.
 * `node killed-writer.ts HOME NAME SEGMENTS KILL_AT before|after`; KILL_AT 0 lets it live. Prints how many calls it made.
 */
const [home = '', name = '', count = '1', killAt = '0', moment = 'before'] = process.argv.slice(2);
let calls = 0;

function dieNow(): void {
  process.kill(process.pid, 'SIGKILL');
  // The signal may need a moment; nothing else may happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

type Call = (...args: unknown[]) => Promise<unknown>;

function counted(call: Call): Call {
  return async function counting(this: unknown, ...args: unknown[]) {
    const isChosen = ++calls === Number(killAt);
    if (isChosen && moment === 'before') dieNow();
    const result = await call.apply(this, args);
    if (isChosen && moment === 'after') dieNow();
    return result;
  };
}

function countCalls(target: object, names: readonly string[]): void {
  for (const method of names) {
    const original: unknown = Reflect.get(target, method);
    if (typeof original === 'function')
      Reflect.set(
        target,
        method,
        counted((...args) => Reflect.apply(original, target, args)),
      );
  }
}

/** File handles share a prototype that is not exported; their `this` is the handle. */
async function countHandleCalls(): Promise<void> {
  const handle = await fs.promises.open(process.execPath, 'r');
  const prototype: object = Object.getPrototypeOf(handle);
  await handle.close();
  for (const method of ['writeFile', 'sync']) {
    const original: unknown = Reflect.get(prototype, method);
    if (typeof original !== 'function') throw new Error(`no ${method} on file handles`);
    Reflect.set(
      prototype,
      method,
      counted(function write(this: unknown, ...args: unknown[]) {
        return Reflect.apply(original, this, args);
      }),
    );
  }
}

await countHandleCalls();
countCalls(fs.promises, ['open', 'link', 'unlink', 'mkdir']);
syncBuiltinESMExports();

// Loaded only now: they take the counted calls.
const { DirectoryLedgerStore } = await import('../../src/ledger/directory-ledger-store.ts');
const { openOrCreateKeyFile } = await import('../../src/ledger/key-file-signer.ts');
const { seal } = await import('../../src/ledger/seal.ts');
const { startLedger } = await import('../../src/ledger/start-ledger.ts');
const { DirectoryVault } = await import('../../src/vault/directory-vault.ts');
const { segmentOf } = await import('./sealed-lines.ts');

const vault = new DirectoryVault(join(home, 'vault'));
const store = new DirectoryLedgerStore(join(home, 'ledger'));
const signer = await openOrCreateKeyFile(join(home, 'key.pem'), 'log.example/crash');
await startLedger(store, signer);
for (let i = 0; i < Number(count); i++) {
  const segment = await segmentOf(`${name}-${i}`, 1);
  await vault.put(segment.key, segment.bytes);
}
await seal({ vault, store, signer }, { leavesPerStep: 2 });
process.stdout.write(`${calls}\n`);
