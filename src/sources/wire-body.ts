// SPDX-License-Identifier: Apache-2.0
import { Readable } from 'node:stream';

/** A successful answer: the SDK's object for paging, and the body as it came over the wire for evidence. */
export interface WireAnswer<Output> {
  readonly output: Output;
  /** The body's text, untouched: the SDK's object drops members newer than itself and rewrites times. */
  readonly body: string;
  readonly requestId: string;
}

interface HttpAnswer {
  body: unknown;
}

/** The part of an SDK client that we need; every AWS SDK v3 client has it. */
export interface WireClient {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's middleware and command types differ per client and are checked where a client is made.
  send(command: any, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (body instanceof Readable) return Buffer.concat(await body.toArray());
  return Buffer.from(String(body ?? ''));
}

/**
 * Sends a command and keeps the wire body beside the SDK's object.
 * The middleware sits between the deserialiser and the HTTP handler, so retries are seen as the last answer only.
 * Rejects as the SDK does; read the reason with `readFailure`.
 */
export async function sendForWire<Output extends object>(client: WireClient, command: object): Promise<WireAnswer<Output>> {
  let body = '';
  const stack = (command as { middlewareStack: { add(middleware: unknown, options: unknown): void } }).middlewareStack;
  const keepBody = (next: (args: unknown) => Promise<{ response: HttpAnswer }>) => async (args: unknown) => {
    const result = await next(args);
    const bytes = await bytesOf(result.response.body);
    body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    result.response.body = Readable.from([bytes]);
    return result;
  };
  stack.add(keepBody, { step: 'deserialize', priority: 'low', name: 'keepWireBody', override: true });
  try {
    const output = (await client.send(command)) as Output & { $metadata?: { requestId?: string } };
    return { output, body, requestId: output.$metadata?.requestId ?? '' };
  } catch (error) {
    if (typeof error === 'object' && error !== null) failedBodies.set(error, body);
    throw error;
  }
}

// Beside the error and not in it: the SDK's errors stay as they are, and a body is forgotten with its error.
const failedBodies = new WeakMap<object, string>();

/** The body of the answer that an error of `sendForWire` was made of; empty where none came. Its hash stands for what could not be read. */
export function wireBodyOf(error: unknown): string {
  return (typeof error === 'object' && error !== null ? failedBodies.get(error) : undefined) ?? '';
}
