// SPDX-License-Identifier: Apache-2.0
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { DatabaseSync } from 'node:sqlite';

/*
 * Loaded before a program (`node --import`): kills it (SIGKILL) before or after its n-th durable step, which is a link of a finished file
 * into its place or a commit to the index. AIMS_KILL_AT=n, AIMS_KILL_MOMENT=before|after; with n = 0 it prints their number on stderr.
 */
const killAt = Number(process.env['AIMS_KILL_AT']);
const isBefore = process.env['AIMS_KILL_MOMENT'] === 'before';
let steps = 0;

function dieIf(isHere: boolean): void {
  if (!isHere || steps !== killAt) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal may need a moment; nothing else may happen in it.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

const link = fs.promises.link;
fs.promises.link = async (from, to) => {
  steps++;
  dieIf(isBefore);
  await link(from, to);
  dieIf(!isBefore);
};
syncBuiltinESMExports();

// What is read is committed too; only a transaction that was begun to write leaves anything behind.
const writing = new WeakSet<DatabaseSync>();
const exec = DatabaseSync.prototype.exec;
DatabaseSync.prototype.exec = function counted(this: DatabaseSync, sql: string): void {
  if (sql === 'BEGIN IMMEDIATE') writing.add(this);
  const isStep = sql === 'COMMIT' && writing.delete(this);
  if (isStep) steps++;
  dieIf(isStep && isBefore);
  exec.call(this, sql);
  dieIf(isStep && !isBefore);
};

process.once('exit', () => {
  if (killAt === 0) fs.writeSync(2, String(steps));
});
