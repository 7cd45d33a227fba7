// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { AwsHome } from '../../../src/runtime/aws/aws-home.ts';
import { readStackOutputs } from '../../../src/runtime/aws/stack-outputs.ts';
import { sampleDeclarations } from '../../../src/runtime/sample-declarations.ts';
import { startSampleServer } from '../../../src/sample/server.ts';
import { sampleServices } from '../../../src/sample/services.ts';
import { sampleWorld } from '../../../src/sample/world.ts';
import { startServer } from '../servers/start-server.ts';

const run = promisify(execFile);
const account = '000000000000';
const region = 'eu-west-1';
const stack = 'AimsEvidence';
/** A deployment that hangs on a custom resource would hang for an hour. */
const deployLimitMs = 240_000;

/** Our stack on an emulator, reading the sample account. */
export interface SampleDeployment {
  readonly home: AwsHome;
  /** For commands run beside it: endpoint, keys, Region. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds that `cdk bootstrap` and the first `cdk deploy` took. */
  readonly took: { readonly bootstrapMs: number; readonly deployMs: number };
  /** Deploys again with other members of the configuration. */
  update(configuration: Readonly<Record<string, unknown>>): Promise<void>;
  /** Calls a function as its timer would; gives its answer. Throws what the function threw. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** What the emulator and the functions in it said; its end is what a failure is explained by. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Bootstraps and deploys the stack of `bin/app.ts` as a user would, the sample account standing in for the AWS that is read. */
export async function deploySample(): Promise<SampleDeployment> {
  const directory = await mkdtemp(join(tmpdir(), 'aims-deploy-'));
  const server = await startServer('ministack');
  const sample = await startSampleServer(sampleWorld(), sampleServices);
  const stop = async () => {
    await sample.close();
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const environment = environmentOf(server.endpoint);
    const cdk = new Cdk(directory, environment, sample.endpoint);
    const bootstrapMs = await cdk.run('bootstrap', `aws://${account}/${region}`);
    const deployMs = await cdk.deploy({});
    const config = {
      region,
      endpoint: server.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      forcePathStyle: true,
    };
    const { names } = await readStackOutputs(stack, config);
    const home = new AwsHome(names, config);
    // The emulator's CloudFormation drops the lock of a bucket; the template's test sees to that the stack asks for it.
    await home.s3.send(
      new PutObjectLockConfigurationCommand({ Bucket: names.bucket, ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled' } }),
    );
    const functions = await functionNames(new CloudFormationClient(config));
    return {
      home,
      environment,
      took: { bootstrapMs, deployMs },
      update: async (configuration) => void (await cdk.deploy(configuration)),
      invoke: (name, event) => invoke(server.endpoint, functions, name, event),
      log: () => readFile(join(server.directory, 'server.log'), 'utf8'),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function environmentOf(endpoint: string): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    CDK_DEFAULT_ACCOUNT: account,
    CDK_DEFAULT_REGION: region,
  };
}

class Cdk {
  readonly #directory: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #sampleEndpoint: string;

  constructor(directory: string, environment: Readonly<Record<string, string>>, sampleEndpoint: string) {
    this.#directory = directory;
    this.#environment = environment;
    this.#sampleEndpoint = sampleEndpoint;
  }

  /** Milliseconds that it took. */
  async run(...args: readonly string[]): Promise<number> {
    const began = performance.now();
    const common = ['--output', join(this.#directory, 'cdk.out'), '--ci', '--progress', 'events'];
    const command = [resolve('node_modules/aws-cdk/bin/cdk'), ...args, ...common];
    try {
      await run(process.execPath, command, {
        env: { ...process.env, ...this.#environment },
        timeout: deployLimitMs,
        maxBuffer: 1 << 26,
      });
    } catch (cause) {
      const said = z.object({ stderr: z.string(), stdout: z.string() }).safeParse(cause);
      throw new Error(`cdk ${args.join(' ')} failed:\n${said.success ? `${said.data.stdout}\n${said.data.stderr}`.slice(-6_000) : cause}`, {
        cause,
      });
    }
    return Math.round(performance.now() - began);
  }

  async deploy(more: Readonly<Record<string, unknown>>): Promise<number> {
    const world = sampleWorld();
    const file = (name: string, value: unknown) => writeFile(join(this.#directory, name), JSON.stringify(value));
    await file('scope.json', sampleDeclarations.scope);
    await file('thresholds.json', sampleDeclarations.thresholds);
    await file('aims.config.json', {
      accounts: world.accounts.map(({ id }) => id),
      regions: world.regions,
      scopeFile: 'scope.json',
      thresholdsFile: 'thresholds.json',
      ...more,
    });
    const context = [
      '--context',
      `config=${join(this.#directory, 'aims.config.json')}`,
      '--context',
      `sampleEndpoint=${this.#sampleEndpoint}`,
    ];
    return await this.run('deploy', stack, '--require-approval', 'never', ...context);
  }
}

/** Physical names of the functions by what they run: the handler's folder is the function's name. */
async function functionNames(client: CloudFormationClient): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for await (const page of paginateListStackResources({ client }, { StackName: stack })) {
    for (const { ResourceType: type, LogicalResourceId: logical, PhysicalResourceId: physical } of page.StackResourceSummaries ?? []) {
      if (type === 'AWS::Lambda::Function' && logical !== undefined && physical !== undefined) names.set(logical, physical);
    }
  }
  client.destroy();
  return names;
}

// The emulator takes an unsigned call; so the tests need no SDK client that the product does not.
async function invoke(endpoint: string, functions: ReadonlyMap<string, string>, name: string, event: unknown): Promise<unknown> {
  const [physical] = [...functions].filter(([logical]) => logical.startsWith(name)).map(([, one]) => one);
  if (physical === undefined) throw new Error(`the stack has no function ${name}: ${[...functions.keys()].join(', ')}`);
  const answer = await fetch(`${endpoint}/2015-03-31/functions/${physical}/invocations`, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=test/20261121/${region}/lambda/aws4_request, SignedHeaders=host, Signature=0` },
    body: JSON.stringify(event),
  });
  const text = await answer.text();
  if (!answer.ok || answer.headers.has('x-amz-function-error')) throw new Error(`${name} failed: ${text.slice(0, 4_000)}`);
  return text === '' ? null : JSON.parse(text);
}
