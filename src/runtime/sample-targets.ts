// SPDX-License-Identifier: Apache-2.0
import { ConfiguredRetryStrategy } from '@smithy/core/retry';
import type { Target } from '../collect/collect-api.ts';
import { noMemory } from '../collect/window-memory.ts';
import { type SampleServer, startSampleServer } from '../sample/server.ts';
import { sampleServices } from '../sample/services.ts';
import { type SampleWorld, sampleWorld } from '../sample/world.ts';
import type { Source, TimeWindow } from '../sources/source.ts';
import { callerIdentity, targetsOf } from './aws-targets.ts';

/** The sample account on a loopback socket, and every target in it. Close it when the collection is done. */
export interface SampleAccount {
  readonly world: SampleWorld;
  readonly targets: readonly Target[];
  close(): Promise<void>;
}

/** Serves the sample account and signs in to each of its accounts as a person would. */
export async function openSample(
  sources: readonly Source[],
  scale: number,
  windowOf: (world: SampleWorld) => TimeWindow,
): Promise<SampleAccount> {
  const world = sampleWorld(scale);
  const server = await startSampleServer(world, sampleServices);
  try {
    return { world, targets: await sampleTargets(world, server, sources, windowOf(world)), close: () => server.close() };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function sampleTargets(world: SampleWorld, server: SampleServer, sources: readonly Source[], window: TimeWindow): Promise<Target[]> {
  const targets: Target[] = [];
  for (const account of world.accounts) {
    const clientConfig = (region: string) => ({
      region,
      endpoint: server.endpoint,
      credentials: server.credentials(account.id),
      forcePathStyle: true,
      // The real strategy and the real retries; only the pause is short, as nobody is throttled for long here.
      retryStrategy: new ConfiguredRetryStrategy(6, 5),
    });
    const identity = await callerIdentity(clientConfig(world.regions[0] ?? 'eu-west-1'));
    const request = { sources, reportLocations: [], sweptAt: world.until, window: async () => ({ window, memory: noMemory }) };
    const connect = (region: string) => ({ region, clientConfig: clientConfig(region), channel: 'sample' as const });
    targets.push(...(await targetsOf(request, { identity, regions: world.regions, connect })));
  }
  return targets;
}
