// SPDX-License-Identifier: Apache-2.0
import type { Connection, Scope, Source } from '../sources/source.ts';
import type { Collection, CollectionReport } from './collection.ts';
import type { RunReport, SourceRun } from './source-run.ts';
import type { WindowMemory } from './window-memory.ts';

/** One source to read in one account and Region, and how to connect to it. */
export interface Target {
  readonly source: Source;
  readonly connection: Connection;
  readonly scope: Scope;
  /** What the receipts of the scope remembered when its window was chosen. */
  readonly memory: WindowMemory;
  /** ARN of the identity that reads. */
  readonly readAs: string | null;
}

const progressEvery = 500;

/**
 * Reads AWS (or the sample account) over the wire: every plan is durable before anything is read, every run ends in a receipt.
 * A failing call is a gap of its run; the other runs go on.
 */
export async function collectApi(collection: Collection, targets: readonly Target[]): Promise<CollectionReport> {
  const runs: RunReport[] = [];
  const planned: { target: Target; run: SourceRun }[] = [];
  for (const target of targets) {
    const { partition, account, region, window } = target.scope;
    const id = collection.setting.newRunId(target.source.id);
    const run = collection.run(
      { run: id, source: target.source.id, partition, account, region, window, memory: target.memory },
      target.readAs,
    );
    await run.plan(target.connection.channel === 'api' ? 'aws' : 'sample');
    planned.push({ target, run });
  }
  await collection.flush();
  for (const { target, run } of planned) runs.push(await readTarget(collection, target, run));
  await collection.flush();
  return { runs, unrecognised: [] };
}

async function readTarget(collection: Collection, target: Target, run: SourceRun): Promise<RunReport> {
  const { progress } = collection.setting;
  const { source, connection, scope } = target;
  progress({ step: 'run', source: source.id, account: scope.account, region: scope.region });
  let seen = 0;
  for await (const reading of source.read(connection, scope)) {
    if ('gap' in reading) await run.takeGap(reading.gap);
    else if ('item' in reading) await run.takeItem(reading.item);
    if (++seen % progressEvery === 0) progress({ step: 'read', source: source.id, items: seen });
  }
  await run.takeHeld();
  return run.finish({});
}
