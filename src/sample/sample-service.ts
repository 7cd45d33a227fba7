// SPDX-License-Identifier: Apache-2.0
import type { Json } from '../evidence/json.ts';
import type { SampleWorld } from './world.ts';

/** One SDK call as it arrived over the loopback socket, decoded from its protocol. */
export interface SampleRequest {
  /** Signing name of the service: `cloudtrail`, `securityhub`, `macie2`, `sagemaker`, `s3`, `sts`. */
  readonly service: string;
  /** Operation of JSON protocols (`X-Amz-Target`, without its prefix); for REST protocols empty: use `method` and `path`. */
  readonly operation: string;
  readonly method: string;
  /** Decoded path without query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Account of the credentials that signed, Region of the credential scope. */
  readonly account: string;
  readonly region: string;
  /** Parsed request body; undefined when empty. */
  readonly body: Json | undefined;
}

/** What goes back over the socket. A string body goes as it is; any other as JSON text. */
export interface SampleAnswer {
  readonly status: number;
  readonly body: Json | string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One AWS service of the sample account: pure, deterministic, with the real service's pages and errors. */
export type SampleService = (request: SampleRequest, world: SampleWorld) => SampleAnswer;

/** The answer of an AWS JSON or REST-JSON service that refuses. */
export function awsError(status: number, code: string, message: string): SampleAnswer {
  return { status, headers: { 'x-amzn-errortype': code }, body: { __type: code, message, Message: message } };
}
