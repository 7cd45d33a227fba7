// SPDX-License-Identifier: Apache-2.0
import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import type { ItemPipeline } from '../collect/item-pipeline.ts';
import type { BatchProcessor } from '../collect/process-batch.ts';
import { inlineProcessor } from './inline-processor.ts';
import { type BatchWorkerData, workerProcessor } from './worker-processor.ts';

// A worker costs about a fifth of a second to start, which is what this much takes to read.
const worthAWorker = 16 * 1024 * 1024;

/** A worker thread where the files are many, this thread where they are few. */
export function fileProcessor(root: string, pipeline: ItemPipeline, data: BatchWorkerData): BatchProcessor {
  return isLarge(root) ? workerProcessor(data, pipeline) : inlineProcessor(pipeline, data.setting);
}

function isLarge(root: string): boolean {
  let bytes = 0;
  const waiting = [root];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    // What cannot be looked at is told by the intake; here it only weighs nothing.
    const stats = statsOf(path);
    if (stats === null) continue;
    // One by one: as arguments of one call, the names of a large folder end the stack.
    if (stats.isDirectory()) for (const inside of namesIn(path)) waiting.push(inside);
    // Logs as CloudTrail delivers them unpack to some ten times their size.
    else bytes += path.endsWith('.gz') || path.endsWith('.zst') ? stats.size * 10 : stats.size;
    if (bytes > worthAWorker) return true;
  }
  return false;
}

function statsOf(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch (error) {
    if (Error.isError(error) && 'code' in error) return null;
    throw error;
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch (error) {
    if (Error.isError(error) && 'code' in error) return [];
    throw error;
  }
}
