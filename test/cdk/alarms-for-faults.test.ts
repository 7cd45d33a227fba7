// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { metricNames, metricNamespace } from '../../src/runtime/deployment/metric-names.ts';
import { deployHome } from '../support/deployed-stack.ts';
import { faultCases } from '../unit/runtime/aws/faults-table.ts';
import type { Sign } from '../unit/runtime/aws/faults-watched.ts';

/** What an alarm watches, in the words of CloudWatch. */
interface Watched {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

const ownStack = 'AimsEvidence';
const program = promisify(execFile);
let told: readonly Watched[] = [];

/** Metrics as a function of this stack writes them for CloudWatch: in a process of its own, as they go to stdout. */
async function written(): Promise<readonly Watched[]> {
  const text = `const { powertoolsTelemetry } = await import('./src/runtime/aws/telemetry.ts');
    const { metricNames } = await import('./src/runtime/deployment/metric-names.ts');
    const telemetry = powertoolsTelemetry();
    for (const name of Object.keys(metricNames)) telemetry.count(name, 1, name === 'gaps' ? 'macie' : undefined);
    telemetry.flush();`;
  const { stdout } = await program(process.execPath, ['--input-type=module', '--eval', text], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { PATH: process.env['PATH'], AWS_REGION: 'eu-west-1', POWERTOOLS_SERVICE_NAME: ownStack },
  });
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => watchedIn(JSON.parse(line)));
}

interface Embedded {
  readonly [name: string]: unknown;
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

function watchedIn(line: Embedded): Watched[] {
  return line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name: MetricName }) => ({
        Namespace,
        MetricName,
        Dimensions: names.toSorted().map((Name) => ({ Name, Value: line[Name] })),
      })),
    ),
  );
}

const queues = { runs: /^MacieCollectorRunsDeadLetters/, notices: /^ProjectorNoticesDeadLetters/ } as const;
const functions = { plan: /^PlannerFunction/, collect: /^MacieCollectorFunction/, seal: /^SealerFunction/ } as const;
const failures = { plan: /^PlannerFailures/, seal: /^SealerFailures/ } as const;

const template = () => deployHome({ sources: ['macie'] }).template;

function idOf(type: string, pattern: RegExp): string {
  const found = Object.keys(template().findResources(type)).filter((id) => pattern.test(id));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

const queueOf = (pattern: RegExp): Watched => ({
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [idOf('AWS::SQS::Queue', pattern), 'QueueName'] } }],
});

/** What a sign moves: what functions wrote, or what Lambda and SQS count of themselves. */
function movedBy(sign: Sign): Watched[] {
  if ('metric' in sign) return told.filter(({ MetricName }) => MetricName === metricNames[sign.metric]);
  if ('deadLetters' in sign) return [queueOf(queues[sign.deadLetters])];
  const id = idOf('AWS::Lambda::Function', functions[sign.failed]);
  const errors = { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: [{ Name: 'FunctionName', Value: { Ref: id } }] };
  // What a timer woke and what failed to the end is kept too.
  return sign.failed === 'collect' ? [errors] : [errors, queueOf(failures[sign.failed])];
}

beforeAll(async () => {
  told = await written();
}, 60_000);

describe('the alarms of a deployment', () => {
  it('watch metrics that the functions write, with the very dimensions', () => {
    const own = Object.values(template().findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties)
      .filter(({ Namespace }) => Namespace === metricNamespace);
    expect(own.map(({ MetricName }) => MetricName).sort()).toEqual(
      ['gaps', 'indexDifferences', 'missedRuns', 'sealed', 'vaultProblems'].map((name) => metricNames[name as keyof typeof metricNames]),
    );
    for (const { Namespace, MetricName, Dimensions } of own) expect(told).toContainEqual({ Namespace, MetricName, Dimensions });
  });

  it.each(faultCases)('ring at $name, or need not', async (fault) => {
    const home = await fault.happen(async () => undefined);
    const signs = home.signs();
    expect(new Set(signs)).toEqual(new Set(fault.signs));
    for (const moved of signs.map(movedBy)) {
      expect(moved.length).toBeGreaterThan(0);
      for (const watched of moved) {
        template().hasResourceProperties('AWS::CloudWatch::Alarm', {
          ...watched,
          Threshold: 0,
          ComparisonOperator: 'GreaterThanThreshold',
          EvaluationPeriods: 1,
        });
      }
    }
  });

  it('are asked for by most of the faults', () => {
    expect(faultCases.filter(({ signs }) => signs.length > 0).length).toBeGreaterThan(12);
  });
});
