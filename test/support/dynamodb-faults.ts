// SPDX-License-Identifier: Apache-2.0
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** Stands between a client and the server: gets the name of the command (`Query`), its input, and the way on. */
export type Between = (command: string, input: unknown, send: (input: unknown) => Promise<Sent>) => Promise<Sent>;

/** What the server answered. */
export interface Sent {
  readonly output: Record<string, unknown>;
}

/** Has every call of a client go through `between`, outside the SDK's own retries. */
export function putBetween(client: DynamoDBClient, between: Between): void {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName).replace(/Command$/, '');
      const send = async (input: unknown) => (await next({ ...args, input: input as typeof args.input })) as unknown as Sent;
      return (await between(command, args.input, send)) as unknown as Awaited<ReturnType<typeof next>>;
    },
    { step: 'initialize', name: 'between', override: true },
  );
}

/** An error as the SDK throws it. */
export function sdkError(name: string, message = name, more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 }, ...more });
}

/** The commands that change the table. */
export const writing: ReadonlySet<string> = new Set(['BatchWriteItem', 'PutItem', 'TransactWriteItems']);
