// SPDX-License-Identifier: Apache-2.0
import { AwsHome } from './aws-home.ts';
import { awsHomeNamesFromEnvironment } from './aws-home-names.ts';
import type { RecordingParts } from './function-collection.ts';
import { FunctionError } from './function-error.ts';
import { readFunctionPack } from './function-pack.ts';
import { readDeployment } from './function-settings.ts';
import { powertoolsTelemetry, type Telemetry } from './telemetry.ts';

/** Settings of every SDK client of a function: the Region and the credentials are Lambda's own. */
export const clientConfig = { maxAttempts: 6 } as const;

/** The home that the function belongs to, from its environment variables. Make it once per process. */
export function deployedHome(): AwsHome {
  return new AwsHome(awsHomeNamesFromEnvironment(process.env), clientConfig);
}

let told: Telemetry | null = null;

/** The telemetry of this process. */
export function deployedTelemetry(): Telemetry {
  told ??= powertoolsTelemetry();
  return told;
}

/** The present, as the system clock has it. */
export const systemNow = (): Date => new Date();

/** What functions that seal records share, from the environment and the files beside the bundle. */
export async function deployedRecording(home: AwsHome): Promise<RecordingParts> {
  // In a bundle every module lies where the bundle lies, and so do its files.
  const beside = import.meta.dirname;
  return {
    ...readDeployment(beside),
    kind: home.names.kind,
    vault: home.vault,
    index: await home.index(),
    secret: await home.secret(),
    pack: readFunctionPack(beside),
    telemetry: deployedTelemetry(),
    now: systemNow,
  };
}

/** An environment variable that the stack sets. Throws FUNCTION_INCOMPLETE. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new FunctionError('FUNCTION_INCOMPLETE', `${name} is not set: deploy the stack again`);
  return value;
}
