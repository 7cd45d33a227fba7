// SPDX-License-Identifier: Apache-2.0
import type { Plugin } from 'esbuild';

/**
 * Every SDK client brings a chain that looks for credentials in profiles, sign-in sessions, containers and instances: 90 KB. Lambda hands its
 * role's credentials over in the environment and nowhere else, so in a function the chain is that one place:
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html, read 2026-11.
 */
export const lambdaCredentials: Plugin = {
  name: 'lambda-credentials',
  setup(build) {
    build.onResolve({ filter: /^@aws-sdk\/credential-provider-node$/ }, ({ path, resolveDir }) => ({
      path,
      namespace: 'lambda-credentials',
      pluginData: { resolveDir },
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'lambda-credentials' }, ({ pluginData: { resolveDir } }) => ({
      contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
      resolveDir,
      loader: 'js',
    }));
  },
};
