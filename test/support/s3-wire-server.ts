// SPDX-License-Identifier: Apache-2.0
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { S3Client } from '@aws-sdk/client-s3';
import { type StoredVersion, VersionedBucket } from './versioned-bucket.ts';

/** A request as a test sees it. */
export interface S3Request {
  /** `PUT`, `GET`, `HEAD`, `DELETE`, `LIST` for a listing of versions, or `RETENTION` for GetObjectRetention. */
  readonly operation: string;
  readonly key: string;
  /** Null where the newest is asked for. */
  readonly versionId: string | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** What to answer instead: an error, before the request takes effect or after, or a connection that breaks. */
export interface S3Fault {
  readonly status: number | 'reset';
  readonly code?: string;
  readonly moment?: 'before' | 'after';
}

const lockHeader = 'x-amz-object-lock-';

/**
 * One bucket over the true wire protocol, in memory: versions, delete markers, `If-None-Match`, listings in pages. Enforces nothing:
 * what Object Lock refuses is tested on servers that nobody here wrote (`npm run test:aws`). Its faults cannot be had from those.
 */
export class S3WireServer {
  readonly bucket = new VersionedBucket();
  readonly requests: S3Request[] = [];
  /** Asked for each request. */
  faultFor: (request: S3Request) => S3Fault | null = () => null;
  /** Headers that every GetObject answers with beside its own. */
  extraHeaders: Readonly<Record<string, string>> = {};
  /** As S3 towards whoever may not ask for it: an object comes without its retention. */
  hidesRetention = false;
  /** As Ceph before its release 19. */
  ignoresIfNoneMatch = false;
  readonly #server: Server;
  #client: S3Client | null = null;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#answer(request, response);
    });
  }

  async start(): Promise<S3Client> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done));
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    this.#client = new S3Client({
      endpoint: `http://127.0.0.1:${address.port}`,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials,
      maxAttempts: 2,
    });
    return this.#client;
  }

  async stop(): Promise<void> {
    this.#client?.destroy();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const key = decodeURIComponent(url.pathname).split('/').slice(2).join('/');
    const of = (name: string) => url.searchParams.has(name);
    const operation = of('versions') ? 'LIST' : of('retention') ? 'RETENTION' : (incoming.method ?? '');
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]));
    const request = { operation, key: operation === 'LIST' ? '' : key, versionId: url.searchParams.get('versionId'), headers };
    this.requests.push(request);
    const fault = this.faultFor(request);
    if (fault === null) return this.#serve(request, { url, body: Buffer.concat(chunks), response });
    if (fault.moment === 'after') this.#put(request, Buffer.concat(chunks));
    if (fault.status === 'reset') response.destroy();
    else refuse(response, fault.status, fault.code ?? 'Fault');
  }

  #serve(request: S3Request, { url, body, response }: { url: URL; body: Buffer; response: ServerResponse }): void {
    if (request.operation === 'LIST') {
      const text = (name: string) => url.searchParams.get(name) ?? '';
      const marker = { key: text('key-marker'), versionId: text('version-id-marker') };
      response.end(this.bucket.list({ prefix: text('prefix'), delimiter: text('delimiter'), marker }));
    } else if (request.operation === 'PUT') {
      const version = this.#put(request, body);
      if (version === null) refuse(response, 412, 'PreconditionFailed');
      else response.writeHead(200, { 'x-amz-version-id': version.id }).end();
    } else if (request.operation === 'DELETE') {
      response.writeHead(204, { 'x-amz-version-id': this.bucket.hide(request.key).id }).end();
    } else if (request.operation === 'RETENTION') this.#retention(request, response);
    else this.#get(request, response);
  }

  /** Null where the condition does not hold. */
  #put({ key, headers }: S3Request, body: Buffer): StoredVersion | null {
    if (headers['if-none-match'] === '*' && !this.ignoresIfNoneMatch && this.bucket.find(key, null)?.bytes) return null;
    const kept = Object.entries(headers).filter(([name]) => /^x-amz-(meta-|object-lock-)/.test(name));
    return this.bucket.put(key, body, Object.fromEntries(kept));
  }

  #retention({ key, versionId }: S3Request, response: ServerResponse): void {
    const held = this.bucket.find(key, versionId)?.headers ?? {};
    const [mode, until] = [held[`${lockHeader}mode`], held[`${lockHeader}retain-until-date`]];
    if (mode === undefined || until === undefined) refuse(response, 404, 'NoSuchObjectLockConfiguration');
    else response.end(`<Retention><Mode>${mode}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`);
  }

  #get({ key, operation, versionId }: S3Request, response: ServerResponse): void {
    const found = this.bucket.find(key, versionId);
    if (found === undefined || found.bytes === null) {
      const marker = found === undefined ? {} : { 'x-amz-delete-marker': 'true' };
      refuse(response, 404, versionId === null ? 'NoSuchKey' : 'NoSuchVersion', marker);
      return;
    }
    const shown = Object.entries(found.headers).filter(([name]) => !this.hidesRetention || !name.startsWith(lockHeader));
    const own = { 'x-amz-version-id': found.id, 'content-length': String(found.bytes.length), ...Object.fromEntries(shown) };
    const headers = { ...own, ...this.extraHeaders };
    response.writeHead(200, headers).end(operation === 'HEAD' ? undefined : found.bytes);
  }
}

function refuse(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/xml', ...headers });
  response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>said the test</Message></Error>`);
}
