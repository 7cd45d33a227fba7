// SPDX-License-Identifier: Apache-2.0
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { replaceDynamoDbIndex } from '../../evidence-index/dynamodb-replacement.ts';
import type { RebuildResult } from '../../evidence-index/rebuild-index.ts';
import type { Home, SealedHome, StackPlace } from '../home.ts';
import { isIndexLost } from '../lost-index.ts';
import { type AwsClientConfig, AwsHome } from './aws-home.ts';
import { bucketTimeOf } from './checkpoint-time.ts';
import { readQueueStates } from './queue-state.ts';
import { readStackOutputs, type StackOutputs } from './stack-outputs.ts';

/** A deployed home found by its stack, and how to talk to it. */
interface FoundHome {
  readonly home: AwsHome;
  readonly outputs: StackOutputs;
  readonly config: AwsClientConfig;
}

/** Opens the home of a deployed stack for reading, from its outputs. Throws what `readStackOutputs` throws. */
export async function openStackHome(place: StackPlace): Promise<Home> {
  const { home, outputs, config } = await findHome(place);
  const index = await home.index();
  return {
    ...sealedPart(place, home),
    kind: home.names.kind,
    index,
    isIndexLost: () => isIndexLost({ vault: home.vault, index }),
    sources: Object.keys(outputs.queues),
    storedAt: (checkpoint) => bucketTimeOf(home.s3, home.names.bucket, checkpoint),
    queues: () => readQueueStates(outputs, config),
    close: async () => {
      await index.close();
      home.close();
    },
  };
}

/** Opens what verifying needs of a deployed home: neither its index nor its secret. Throws what `readStackOutputs` throws. */
export async function openSealedStackHome(place: StackPlace): Promise<SealedHome> {
  return sealedPart(place, (await findHome(place)).home);
}

/** Makes the index of a deployed home anew beside the old one, in the same table. Throws what `readStackOutputs` throws. */
export async function rebuildStackIndex(
  place: StackPlace,
  fill: (home: Pick<Home, 'vault' | 'index'>) => Promise<RebuildResult>,
): Promise<RebuildResult> {
  const { home } = await findHome(place);
  try {
    return await replaceDynamoDbIndex(home.indexOptions, (index) => fill({ vault: home.vault, index }));
  } finally {
    home.close();
  }
}

async function findHome(place: StackPlace): Promise<FoundHome> {
  const config = clientConfigOf(place);
  const outputs = await readStackOutputs(place.stack, config);
  return { home: new AwsHome(outputs.names, config), outputs, config };
}

/** An answer of S3 takes tens of milliseconds to begin; 16 segments of the largest size are some 130 MB. */
const readsAtOnce = 16;

function sealedPart(place: StackPlace, home: AwsHome): SealedHome {
  return {
    name: `aws:${place.stack}`,
    vault: home.vault,
    segments: { readsAtOnce, retentionDays: home.names.lockMode === 'NONE' ? null : home.names.retentionDays },
    ledger: home.ledger,
    keysFrom: `the signing key of stack ${place.stack} in KMS`,
    verifierKeys: async () => {
      const [signer, previous] = [await home.signer(), await home.previousSigner()];
      return previous === null ? [signer.verifierKey] : [signer.verifierKey, previous.verifierKey];
    },
    close: async () => home.close(),
  };
}

function clientConfigOf({ profile, region }: StackPlace): AwsClientConfig {
  // AWS_REGION and the profile's own Region are the SDK's to find; AWS_DEFAULT_REGION, which other AWS tools know, is not.
  const named = region ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'];
  return {
    ...(named === undefined ? {} : { region: named }),
    ...(profile === undefined ? {} : { profile }),
    credentials: fromNodeProviderChain(profile === undefined ? {} : { profile }),
    maxAttempts: 6,
  };
}
