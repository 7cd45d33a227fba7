// SPDX-License-Identifier: Apache-2.0
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { type Json, stringAt } from '../../evidence/json.ts';
import type { Connection } from '../source.ts';
import { type AwsFailure, gapOfFailure, readFailure } from '../source-error.ts';
import { sendForWire } from '../wire-body.ts';
import { parseLenientJson } from './lenient-json.ts';

/** An answer as it came over the wire, or why there is none. */
export type Asked = WireText | { readonly failure: AwsFailure };

/** The text of an answer and what it parses to. */
export interface WireText {
  readonly body: string;
  readonly value: Json;
  readonly requestId: string;
}

/** SageMaker calls that our two sources make, all of them read-only. */
export type SageMakerOperation = keyof Awaited<ReturnType<typeof loadCommands>>['commands'];

/** A connection to SageMaker. `ask` never throws for an AWS error. */
export interface SageMaker {
  ask(operation: SageMakerOperation, input: object): Promise<Asked>;
  /** Frees the sockets. */
  close(): void;
}

/** Opens SageMaker; the SDK is loaded here and not before. */
export async function openSageMaker(connection: Connection): Promise<SageMaker> {
  const { commands, Client } = await loadCommands();
  const client = new Client({ ...connection.clientConfig, region: connection.region });
  return {
    async ask(operation, input) {
      try {
        const Command: new (input: never) => object = commands[operation];
        const { body, requestId } = await sendForWire(client, new Command(input as never));
        return { body, value: parseLenientJson(body) ?? null, requestId };
      } catch (error) {
        return { failure: readFailure(error) };
      }
    },
    close: () => client.destroy(),
  };
}

async function loadCommands() {
  const sdk = await import('@aws-sdk/client-sagemaker');
  const commands = {
    DescribeDataQualityJobDefinition: sdk.DescribeDataQualityJobDefinitionCommand,
    DescribeEndpoint: sdk.DescribeEndpointCommand,
    DescribeEndpointConfig: sdk.DescribeEndpointConfigCommand,
    DescribeModel: sdk.DescribeModelCommand,
    DescribeModelBiasJobDefinition: sdk.DescribeModelBiasJobDefinitionCommand,
    DescribeModelExplainabilityJobDefinition: sdk.DescribeModelExplainabilityJobDefinitionCommand,
    DescribeModelPackage: sdk.DescribeModelPackageCommand,
    DescribeModelQualityJobDefinition: sdk.DescribeModelQualityJobDefinitionCommand,
    DescribeMonitoringSchedule: sdk.DescribeMonitoringScheduleCommand,
    DescribeProcessingJob: sdk.DescribeProcessingJobCommand,
    ListEndpoints: sdk.ListEndpointsCommand,
    ListMonitoringAlertHistory: sdk.ListMonitoringAlertHistoryCommand,
    ListMonitoringAlerts: sdk.ListMonitoringAlertsCommand,
    ListMonitoringExecutions: sdk.ListMonitoringExecutionsCommand,
    ListMonitoringSchedules: sdk.ListMonitoringSchedulesCommand,
    ListPipelineExecutionSteps: sdk.ListPipelineExecutionStepsCommand,
    ListProcessingJobs: sdk.ListProcessingJobsCommand,
    ListTags: sdk.ListTagsCommand,
  } as const;
  return { commands, Client: sdk.SageMakerClient };
}

/** Pages of a list, as they come. After a page that could not be had nothing follows. */
export async function* pagesOf(sageMaker: SageMaker, operation: SageMakerOperation, input: object): AsyncGenerator<Asked> {
  // The default page is 10 for most of these lists (service model of 2017-07-24); 100 is the largest.
  let token: string | undefined;
  do {
    const page = await sageMaker.ask(operation, { ...input, MaxResults: 100, ...(token === undefined ? {} : { NextToken: token }) });
    yield page;
    if ('failure' in page) return;
    const next = stringAt(page.value, 'NextToken');
    token = next === token || next === '' ? undefined : next;
  } while (token !== undefined);
}

/** Whether a Describe call says that the thing does not exist: an answer, not a failure. Both forms are SageMaker's. */
export function isAbsent({ code, message }: AwsFailure): boolean {
  return code === 'ResourceNotFound' || (code === 'ValidationException' && /could not find|does not exist|not found/i.test(message));
}

// Closed to new customers since 2026-07-30. What an account without it is told was not seen recorded, so only plain words count.
const closed = /no longer (?:available|open)|not available (?:to|for) new customers|closed to new customers/i;

/** The gap of a SageMaker call that failed. */
export function sageMakerGap(operation: SageMakerOperation, failure: AwsFailure): { readonly gap: Gap } {
  const what = `sagemaker:${operation}`;
  if (!closed.test(failure.message)) return { gap: gapOfFailure(what, failure) };
  const remedy = 'name what watches the models instead in `replacementMonitors` of the scope file, as AWS opens this to no new customer';
  return { gap: { ...gapOfFailure(what, failure, 'off'), message: gapMessage(failure.message, remedy) } };
}
