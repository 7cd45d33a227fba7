// SPDX-License-Identifier: Apache-2.0
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { envNames } from '../deployment/env-names.ts';
import { clientConfig, deployedHome, deployedTelemetry, systemNow, variable } from './deployed.ts';
import type { FunctionHandler } from './function-chain.ts';
import { lazily } from './lazily.ts';
import { type Publish, type SealAnswer, sealHandler } from './seal-handler.ts';

/** `seal` as deployed: opens its home when it is called first. */
export function deployedSeal(): FunctionHandler<SealAnswer> {
  const open = lazily(async () => {
    const home = deployedHome();
    return {
      vault: home.vault,
      ledger: home.ledger,
      signer: await home.signer(),
      previousSigner: await home.previousSigner(),
      publish: snsPublish(),
      telemetry: deployedTelemetry(),
      now: systemNow,
    };
  });
  return sealHandler(deployedTelemetry, open);
}

function snsPublish(): Publish {
  const client = new SNSClient(clientConfig);
  return async ({ subject, text }) => {
    await client.send(new PublishCommand({ TopicArn: variable(envNames.topic), Subject: subject.slice(0, 100), Message: text }));
  };
}
