// SPDX-License-Identifier: Apache-2.0

import { homePaths, openHomeForReading, openSealedStores, ownVerifierKey } from './directory-home.ts';
import type { DirectoryPlace, Home, HomePlace, SealedHome, SegmentStore } from './home.ts';
import { fileTimeOf } from './home-checkpoint-time.ts';

/**
 * Opens a home for reading, wherever it is; writers may work on it meanwhile. Throws HOME_ABSENT, HOME_NEWER and INDEX_LOST for a directory,
 * AWS_NO_STACK, AWS_NO_REGION, AWS_NO_IDENTITY and AWS_DENIED for a stack.
 */
export async function openHome(place: HomePlace): Promise<Home> {
  // The SDK is loaded only where it is used: a directory needs none.
  return place.in === 'aws' ? await (await import('./aws/stack-home.ts')).openStackHome(place) : await openDirectory(place);
}

/** Opens what verifying needs of a home: neither its index nor its secret. Throws as `openHome` does. */
export async function openSealedHome(place: HomePlace): Promise<SealedHome> {
  if (place.in === 'aws') return await (await import('./aws/stack-home.ts')).openSealedStackHome(place);
  const { directory } = place;
  return {
    name: directory,
    ...openSealedStores(directory),
    segments: inDirectory,
    keysFrom: homePaths(directory).key,
    verifierKeys: async () => [await ownVerifierKey(directory)],
    close: async () => undefined,
  };
}

/** A directory keeps everything. */
const inDirectory: SegmentStore = { retentionDays: null };

async function openDirectory({ directory }: DirectoryPlace): Promise<Home> {
  const { kind, vault, ledger, index, close } = await openHomeForReading(directory);
  return {
    name: directory,
    kind,
    vault,
    segments: inDirectory,
    ledger,
    index,
    isIndexLost: async () => false,
    sources: null,
    keysFrom: homePaths(directory).key,
    verifierKeys: async () => [await ownVerifierKey(directory)],
    storedAt: async (checkpoint) => fileTimeOf(homePaths(directory).ledger, checkpoint),
    queues: async () => null,
    close,
  };
}
