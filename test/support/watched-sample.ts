// SPDX-License-Identifier: Apache-2.0
import { afterEach } from '@jest/globals';
import type { SampleRequest, SampleService } from '../../src/sample/sample-service.ts';
import { type SampleServer, startSampleServer } from '../../src/sample/server.ts';
import { sampleServices } from '../../src/sample/services.ts';
import { sampleWorld } from '../../src/sample/world.ts';

/** A sample account that writes down what it was asked. */
export interface WatchedSample {
  readonly server: SampleServer;
  readonly asked: readonly SampleRequest[];
}

/** Answers in the place of the sample; null where the sample is to answer. */
export type Instead = (request: SampleRequest) => ReturnType<SampleService> | null;

/** Serves the sample account for the tests of a file; each server stops after its test. */
export function watchedSamples(): (instead?: Instead) => Promise<WatchedSample> {
  const servers: SampleServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.close();
  });
  return async (instead = () => null) => {
    const asked: SampleRequest[] = [];
    const watched =
      (service: SampleService): SampleService =>
      (request, of) => {
        asked.push(request);
        return instead(request) ?? service(request, of);
      };
    const services = Object.fromEntries(Object.entries(sampleServices).map(([name, service]) => [name, watched(service)]));
    const server = await startSampleServer(sampleWorld(), services, { throttleOneIn: 0 });
    servers.push(server);
    return { server, asked };
  };
}
