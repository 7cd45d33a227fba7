// SPDX-License-Identifier: Apache-2.0
import middy, { type MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import type { Telemetry } from './telemetry.ts';

/** How a function is run. */
export interface FunctionChain<Event, Answer> {
  /** For its log lines. */
  readonly name: string;
  /** What the event must be; anything else fails the invocation. */
  readonly event: z.ZodType<Event>;
  readonly telemetry: () => Telemetry;
  readonly run: (event: Event, context: Context) => Promise<Answer>;
}

/** What Lambda calls. */
export type FunctionHandler<Answer> = (event: unknown, context: Context) => Promise<Answer>;

/** A handler: parses the event, runs the use case, and says what came of it, whatever came of it. */
export function functionChain<Event, Answer>({ name, event, telemetry, run }: FunctionChain<Event, Answer>): FunctionHandler<Answer> {
  // Without middy's own end shortly before the time is out: a collector watches the time itself and hands on what is left.
  const chain = middy<unknown, Answer>(undefined, { timeoutEarlyInMillis: 0 })
    .use(observed(name, telemetry))
    .handler(async (given: unknown, context: Context) => await run(event.parse(given), context));
  return async (given, context) => await chain(given, context);
}

function observed(name: string, telemetry: () => Telemetry): MiddlewareObj<unknown> {
  let startedAt = 0;
  const end = () => {
    telemetry().count('workTime', Math.round(performance.now() - startedAt));
    telemetry().flush();
  };
  return {
    before: () => {
      startedAt = performance.now();
    },
    after: end,
    onError: ({ error, context }) => {
      telemetry().problem(`${name} failed`, { requestId: context.awsRequestId }, error);
      end();
    },
  };
}
