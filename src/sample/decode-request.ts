// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from 'node:http';
import { isJsonObject, type Json } from '../evidence/json.ts';

/** How AWS services speak: AWS JSON 1.0 and 1.1, REST with JSON bodies, S3's REST with XML, and the query protocol of STS. */
export type Protocol = 'aws-json' | 'rest-json' | 's3' | 'query';

/** A request as decoded from the wire, before anybody asked who signed it. */
export interface DecodedRequest {
  readonly protocol: Protocol;
  /** From the credential scope of the signature; `null` where the request is not signed. */
  readonly signer: { readonly accessKeyId: string; readonly region: string; readonly service: string } | null;
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
  /** The SDK's count of tries of this call, from 1. */
  readonly attempt: number;
}

// Signature Version 4: `AWS4-HMAC-SHA256 Credential=AKID/yyyymmdd/region/service/aws4_request, SignedHeaders=…, Signature=…`.
const credentialScope = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/;

/** Decodes a request by the protocol that its headers and signature show. Throws SyntaxError or URIError for bytes that do not fit it. */
export function decodeRequest(message: IncomingMessage, bytes: Buffer): DecodedRequest {
  const { headers, method = 'GET' } = message;
  const scope = credentialScope.exec(headers.authorization ?? '');
  const [, accessKeyId, region, service] = scope ?? [];
  const signer = accessKeyId && region && service ? { accessKeyId, region, service } : null;
  const target = headerText(headers['x-amz-target']);
  const protocol = protocolOf(signer?.service, target, headers['content-type']);
  const url = new URL(message.url ?? '/', 'http://sample.invalid');
  const body = bodyOf(protocol, bytes);
  return {
    protocol,
    signer,
    operation: protocol === 'query' ? actionOf(body) : target.slice(target.lastIndexOf('.') + 1),
    method,
    path: `${bucketOfHost(protocol, headers.host)}${decodeURIComponent(url.pathname)}`,
    query: url.searchParams,
    body,
    attempt: Number(/attempt=(\d+)/.exec(headerText(headers['amz-sdk-request']))?.[1] ?? 1),
  };
}

function headerText(value: string | readonly string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

function protocolOf(service: string | undefined, target: string, contentType: string | undefined): Protocol {
  if (service === 's3') return 's3';
  if (target !== '') return 'aws-json';
  return contentType?.startsWith('application/x-www-form-urlencoded') ? 'query' : 'rest-json';
}

function bodyOf(protocol: Protocol, bytes: Buffer): Json | undefined {
  if (bytes.byteLength === 0) return undefined;
  const text = bytes.toString('utf8');
  if (protocol === 's3') return text;
  return protocol === 'query' ? Object.fromEntries(new URLSearchParams(text)) : (JSON.parse(text) as Json);
}

function actionOf(body: Json | undefined): string {
  const action = isJsonObject(body) ? body['Action'] : undefined;
  return typeof action === 'string' ? action : '';
}

// S3 names the bucket in the path where the endpoint is an address, in the host name (`bucket.localhost`) otherwise.
function bucketOfHost(protocol: Protocol, host: string | undefined): string {
  const bucket = protocol === 's3' ? /^(.+)\.localhost(?::\d+)?$/.exec(host ?? '')?.[1] : undefined;
  return bucket === undefined ? '' : `/${bucket}`;
}
