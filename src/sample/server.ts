// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AimsError } from '../evidence/errors.ts';
import { type DecodedRequest, decodeRequest } from './decode-request.ts';
import { refuse } from './refusals.ts';
import { accountOfKey, type SampleCredentials, sampleCredentials } from './sample-credentials.ts';
import { awsError, type SampleAnswer, type SampleService } from './sample-service.ts';
import type { SampleWorld } from './world.ts';

/** A sample server that could not start, or was asked for an account it does not have. */
class SampleServerError extends AimsError<'SAMPLE_ACCOUNT_UNKNOWN' | 'SAMPLE_SERVER_FAILED'> {}

/** Settings of the sample server. */
export interface SampleServerOptions {
  /** One call in so many is throttled at its first try, so that the SDK's retries are real; 0 for none. Default 40. */
  readonly throttleOneIn?: number;
}

/** The sample organisation on a loopback port. */
export interface SampleServer {
  /** Base URL to give to every SDK client as its endpoint. */
  readonly endpoint: string;
  /** Keys that sign as this account. Throws SAMPLE_ACCOUNT_UNKNOWN. */
  credentials(accountId: string): SampleCredentials;
  /** Requests answered so far, refused and throttled ones too. */
  requests(): number;
  /** Resolves when the port is free again. */
  close(): Promise<void>;
}

/** Serves the sample world on a random port of 127.0.0.1; the account of a call is that of the key that signed it. */
export async function startSampleServer(
  world: SampleWorld,
  services: Readonly<Record<string, SampleService>>,
  options: SampleServerOptions = {},
): Promise<SampleServer> {
  const front = new FrontDoor(world, services, options.throttleOneIn ?? 40);
  const server = createServer((message, response) => void serve(front, message, response));
  const port = await listen(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    credentials: (accountId) => {
      if (world.accounts.some((account) => account.id === accountId)) return sampleCredentials(accountId);
      const known = world.accounts.map((account) => account.id).join(', ');
      throw new SampleServerError('SAMPLE_ACCOUNT_UNKNOWN', `the sample organisation has no account ${accountId}; known: ${known}`);
    },
    requests: () => front.answered,
    close: () => shut(server),
  };
}

/** Decides what a decoded request gets. Its answers depend on the requests only, never on time or on the order of arrival. */
class FrontDoor {
  answered = 0;
  readonly #world: SampleWorld;
  readonly #services: Readonly<Record<string, SampleService>>;
  readonly #throttleOneIn: number;
  readonly #seen = new Map<string, number>();

  constructor(world: SampleWorld, services: Readonly<Record<string, SampleService>>, throttleOneIn: number) {
    this.#world = world;
    this.#services = services;
    this.#throttleOneIn = throttleOneIn;
  }

  answer(request: DecodedRequest, fingerprint: string): SampleAnswer {
    const { signer, operation, method, path, query, body } = request;
    if (signer === null) return refuse('unsigned', request, '');
    const account = accountOfKey(this.#world, signer.accessKeyId);
    if (account === undefined) return refuse('unknown-key', request, '');
    if (account.offRegions?.includes(signer.region)) return refuse('unknown-key', request, '');
    // No policy can deny GetCallerIdentity: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html, read 2026-11.
    if (signer.service !== 'sts' && account.deniedRegions.includes(signer.region)) return refuse('denied-region', request, account.id);
    const service = Object.hasOwn(this.#services, signer.service) ? this.#services[signer.service] : undefined;
    if (service === undefined) return refuse('unknown-service', request, signer.service);
    if (this.#throttles(fingerprint, request.attempt)) return refuse('throttled', request, '');
    const { region, service: name } = signer;
    return service({ service: name, operation, method, path, query, account: account.id, region, body }, this.#world);
  }

  /** A request id that counts how often this very request came: a second run of the sample gets the same ids. */
  requestId(fingerprint: string): string {
    const times = (this.#seen.get(fingerprint) ?? 0) + 1;
    this.#seen.set(fingerprint, times);
    const digits = hash('sha256', `${fingerprint}#${times}`);
    return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20, 32)].join('-');
  }

  #throttles(fingerprint: string, attempt: number): boolean {
    if (this.#throttleOneIn === 0 || attempt > 1) return false;
    return Number.parseInt(fingerprint.slice(0, 8), 16) % this.#throttleOneIn === 0;
  }
}

async function serve(front: FrontDoor, message: IncomingMessage, response: ServerResponse): Promise<void> {
  let requestId = '';
  let answer: SampleAnswer;
  try {
    const bytes = Buffer.concat(await message.toArray());
    const fingerprint = fingerprintOf(message, bytes);
    requestId = front.requestId(fingerprint);
    answer = answerOf(front, message, bytes, fingerprint);
  } catch (cause) {
    answer = awsError(400, 'SerializationException', String(cause));
  }
  front.answered++;
  const body = bodyBytes(answer);
  response.writeHead(answer.status, {
    'content-type': contentType(answer, message),
    'content-length': body.byteLength,
    'x-amzn-requestid': requestId,
    'x-amz-request-id': requestId,
    ...answer.headers,
  });
  response.end(message.method === 'HEAD' ? undefined : body);
}

function answerOf(front: FrontDoor, message: IncomingMessage, bytes: Buffer, fingerprint: string): SampleAnswer {
  const request = decodeRequest(message, bytes);
  try {
    return front.answer(request, fingerprint);
  } catch (cause) {
    // A service of the sample that throws is a fault of ours: the client sees AWS's 500 with what went wrong in its message.
    return refuse('broken', request, String(cause));
  }
}

function fingerprintOf(message: IncomingMessage, bytes: Buffer): string {
  const scope = /Credential=([^,]*)/.exec(message.headers.authorization ?? '')?.[1] ?? '';
  const undated = scope.replace(/\/\d{8}\//, '/');
  return hash('sha256', [undated, message.method, message.url, message.headers['x-amz-target'] ?? '', bytes.toString('base64')].join('\n'));
}

function bodyBytes({ body }: SampleAnswer): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function contentType({ body }: SampleAnswer, message: IncomingMessage): string {
  if (body instanceof Uint8Array) return 'application/octet-stream';
  if (typeof body === 'string' && body.startsWith('<')) return 'application/xml';
  return message.headers['x-amz-target'] === undefined ? 'application/json' : (message.headers['content-type'] ?? 'application/json');
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new SampleServerError('SAMPLE_SERVER_FAILED', 'no port of 127.0.0.1 could be opened', { cause })),
    );
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address !== null) resolve(address.port);
      else reject(new SampleServerError('SAMPLE_SERVER_FAILED', 'the server has no port'));
    });
  });
}

function shut(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
