// SPDX-License-Identifier: Apache-2.0
import { parentPort, workerData } from 'node:worker_threads';
import { processBatch } from '../collect/process-batch.ts';
import { releaseBatch } from '../sources/intake/file-batch.ts';
import { laptopTools } from './laptop-tools.ts';
import type { BatchMessage, BatchReply, BatchWorkerData } from './worker-processor.ts';

// The entry of a worker thread: tools once, then one batch a message.
const { setting, declarations }: BatchWorkerData = workerData;
const { pipeline } = laptopTools(declarations);
let accounts: ReadonlySet<string> = new Set();

const ready: BatchReply = { isReady: true };
parentPort?.postMessage(ready);

parentPort?.on('message', ({ batch, accountsWithAi }: BatchMessage) => {
  if (accountsWithAi !== null) accounts = new Set(accountsWithAi);
  const reply = answer(batch);
  releaseBatch(batch);
  const memory = 'outcome' in reply ? reply.outcome.sealed.map((records) => records.raw.buffer) : [];
  parentPort?.postMessage(reply, memory);
});

function answer(batch: BatchMessage['batch']): BatchReply {
  try {
    return { outcome: processBatch(pipeline, setting, batch, accounts) };
  } catch (failure) {
    return { failure };
  }
}
