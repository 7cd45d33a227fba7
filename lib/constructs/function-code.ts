// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { deploymentFileName } from '../../src/runtime/deployment/env-names.ts';

/** The bundles of all functions, and the configuration that is laid beside each. */
export class FunctionCode {
  readonly #directory: string;
  readonly #deployment: string;

  /** `directory` holds `<function>/index.mjs`; `deployment` is what the functions read at start, as JSON. */
  constructor(directory: string, deployment: unknown) {
    this.#directory = directory;
    this.#deployment = JSON.stringify(deployment);
  }

  /** The code of one function: its bundle and the deployment's configuration. Throws when the bundle was not built. */
  of(name: string): Code {
    const bundle = join(this.#directory, name);
    if (!existsSync(join(bundle, 'index.mjs'))) throw new Error(`no bundle in ${bundle}: run \`npm run build:functions\``);
    return Code.fromAsset(bundle, {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        image: noImage,
        local: { tryBundle: (outputDirectory) => this.#stage(bundle, outputDirectory) },
        // Only to be told from the same bundle beside another configuration: the library remembers assets by their options.
        environment: { DEPLOYMENT: createHash('sha256').update(this.#deployment).digest('hex') },
      },
    });
  }

  #stage(bundle: string, outputDirectory: string): true {
    cpSync(bundle, outputDirectory, { recursive: true });
    writeFileSync(join(outputDirectory, deploymentFileName), this.#deployment);
    return true;
  }
}

// Never pulled: staging by `tryBundle` always succeeds or throws.
const noImage = DockerImage.fromRegistry('none');
