// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { sourceIds } from '../../src/evidence/observation.ts';
import { mostMetrics } from '../../src/runtime/deployment/cost-stack.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const functions = readdirSync(new URL('../../lambdas/', import.meta.url)).filter((name) => name.endsWith('.ts'));

/** Runs a piece of a program in a process of its own, as functions say what they do on stdout, and what went wrong on stderr. */
async function program(text: string, environment: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: root,
    env: { PATH: process.env['PATH'], AWS_REGION: 'eu-west-1', POWERTOOLS_SERVICE_NAME: 'AimsEvidence', ...environment },
  });
  return `${stdout}${stderr}`;
}

const context = `{ awsRequestId: 'request-1', invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:f', getRemainingTimeInMillis: () => 60000 }`;

describe('the functions of lambdas/', () => {
  it('are one for each source, and plan, project, seal and self-audit', () => {
    expect(functions.sort()).toEqual([
      'collect-cloudtrail.ts',
      'collect-macie.ts',
      'collect-sagemaker-clarify.ts',
      'collect-sagemaker-model-monitor.ts',
      'collect-securityhub.ts',
      'plan.ts',
      'project.ts',
      'seal.ts',
      'self-audit.ts',
    ]);
  });

  it('do nothing on import and export a handler', async () => {
    const imports = functions.map((name) => `import('./lambdas/${name}')`).join(', ');
    const stdout = await program(`console.log((await Promise.all([${imports}])).map(({ handler }) => typeof handler).join())`);
    expect(stdout.trim().split(',')).toEqual(functions.map(() => 'function'));
  }, 30_000);

  it.each([
    ['project', '{ Records: [] }', 'HOME_NAMES_INVALID'],
    ['plan', '{ source: "macie", scheduledAt: "2026-11-21T02:00:00Z" }', 'FUNCTION_INCOMPLETE'],
    ['collect-macie', '{ Records: [] }', 'HOME_NAMES_INVALID'],
    ['seal', '{ extent: "open-days", scheduledAt: "2026-11-21T02:00:00Z" }', 'HOME_NAMES_INVALID'],
    ['self-audit', '{ task: "audit", scheduledAt: "2026-11-21T02:00:00Z" }', 'HOME_NAMES_INVALID'],
  ])('%s says what it lacks where it is not deployed', async (name, event, code) => {
    const text = `const { handler } = await import('./lambdas/${name}.ts');
      await handler(${event}, ${context}).then(() => console.log('ended well'), (error) => console.log(JSON.stringify({ thrown: error.code })));`;
    const lines = (await program(text))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        requestId: 'request-1',
        error: expect.objectContaining({ message: expect.stringContaining(code) }),
      }),
    );
    expect(lines).toContainEqual({ thrown: code });
  });
});

/** What a piece of a program that uses `telemetry` writes. */
async function told(text: string): Promise<readonly EmbeddedMetric[]> {
  const stdout = await program(`const { powertoolsTelemetry } = await import('./src/runtime/aws/telemetry.ts');
    const { metricNames } = await import('./src/runtime/deployment/metric-names.ts');
    const telemetry = powertoolsTelemetry();
    ${text}
    telemetry.flush();`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

interface EmbeddedMetric {
  readonly [name: string]: unknown;
  readonly source?: string;
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly string[][];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

describe('what functions say', () => {
  it('is JSON lines, and metrics in the embedded format under our namespace', async () => {
    const lines = await told(`telemetry.line('run', { run: 'r', recordsStored: 2 });
      telemetry.count('recordsStored', 2, 'macie');
      telemetry.count('sourceCalls', 5, 'macie');
      telemetry.count('sealed', 1);
      telemetry.flush();`);
    expect(lines[0]).toMatchObject({ level: 'INFO', message: 'run', run: 'r', recordsStored: 2, service: 'AimsEvidence' });
    const metrics = lines.filter((line) => '_aws' in line);
    expect(metrics).toHaveLength(2);
    expect(metrics[0]).toMatchObject({ service: 'AimsEvidence', SourceCalls: 5, Sealed: 1 });
    expect(metrics[0]).not.toHaveProperty('RecordsStored');
    expect(metrics[0]?._aws?.CloudWatchMetrics[0]).toMatchObject({ Namespace: 'AimsEvidence', Dimensions: [['service']] });
    expect(metrics[1]).toMatchObject({ service: 'AimsEvidence', source: 'macie', RecordsStored: 2 });
  });

  it('has no metric for a count of nothing, which would be paid for by the hour, but one for a lag of nothing', async () => {
    const lines = await told(`telemetry.count('gaps', 0, 'macie');
      telemetry.count('vaultProblems', 0);
      telemetry.count('collectionLag', 0, 'macie');`);
    expect(lines).toMatchObject([{ source: 'macie', CollectionLag: 0 }]);
    expect(JSON.stringify(lines)).not.toMatch(/Gaps|VaultProblems/);
  });

  it('makes no metric that the estimate does not count', async () => {
    const lines = await told(`for (const name of Object.keys(metricNames)) {
        for (const source of ${JSON.stringify(sourceIds)}) telemetry.count(name, 1, source);
      }`);
    const made = lines.flatMap(({ source = '', _aws }) =>
      (_aws?.CloudWatchMetrics ?? []).flatMap(({ Metrics }) => Metrics.map(({ Name }) => `${Name} ${source}`)),
    );
    expect(new Set(made).size).toBe(mostMetrics(sourceIds.length));
  });
});
