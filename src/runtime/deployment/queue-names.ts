// SPDX-License-Identifier: Apache-2.0
import { pascalCase } from './pascal-case.ts';

const sourceQueues = ['Runs', 'Events'] as const;
/** The two queues of a source: of planned runs, and of events. */
export type SourceQueue = (typeof sourceQueues)[number];

/** Whether a text names one of them. */
export function isSourceQueue(text: string): text is SourceQueue {
  return sourceQueues.some((one) => one === text);
}

/** Name that the stack gives a queue of a source in alarms and in the URLs of the self-audit: `SagemakerModelMonitorRuns`. */
export function queueName(source: string, queue: SourceQueue): string {
  return pascalCase(source) + queue;
}
