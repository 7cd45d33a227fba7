// SPDX-License-Identifier: Apache-2.0
import type { DecodedRequest, Protocol } from './decode-request.ts';
import { awsError, type SampleAnswer } from './sample-service.ts';

/** Why the front door of the sample organisation turns a call away, before any service sees it. */
type Refusal = 'unsigned' | 'unknown-key' | 'denied-region' | 'throttled' | 'unknown-service' | 'unreadable' | 'broken';

interface Wording {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The refusal in the words and status of the protocol: the same event has other codes in S3, in STS and in the JSON services. */
export function refuse(refusal: Refusal, request: DecodedRequest, detail: string): SampleAnswer {
  const { status, code, message } = wording(refusal, request, detail);
  return errorAnswer(request.protocol, status, code, message);
}

/** An error answer in the form of the protocol. */
export function errorAnswer(protocol: Protocol, status: number, code: string, message: string): SampleAnswer {
  if (protocol === 's3') return { status, body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${xmlError(code, message)}</Error>` };
  if (protocol !== 'query') return awsError(status, code, message);
  const type = status >= 500 ? 'Receiver' : 'Sender';
  const error = `<Error><Type>${type}</Type>${xmlError(code, message)}</Error>`;
  return { status, body: `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${error}</ErrorResponse>` };
}

function wording(refusal: Refusal, { protocol, operation, signer }: DecodedRequest, detail: string): Wording {
  const json = protocol === 'aws-json' || protocol === 'rest-json';
  switch (refusal) {
    case 'unsigned':
      return {
        status: 403,
        code: json ? 'MissingAuthenticationTokenException' : 'MissingAuthenticationToken',
        message: 'Missing Authentication Token',
      };
    case 'unknown-key':
      return { status: 403, code: unknownKeyCode(protocol), message: 'The security token included in the request is invalid.' };
    case 'denied-region':
      return {
        status: protocol === 'aws-json' ? 400 : 403,
        code: json ? 'AccessDeniedException' : 'AccessDenied',
        message:
          `User: arn:aws:sts::${detail}:assumed-role/aims-evidence-collector/sample is not authorized to perform: ` +
          `${signer?.service ?? ''}:${operation === '' ? '*' : operation} on resource: * with an explicit deny in a service control policy`,
      };
    case 'throttled':
      return throttled(protocol);
    case 'unknown-service':
      return { status: 404, code: 'UnknownOperationException', message: `The sample account has no service ${detail}.` };
    case 'unreadable':
      return { status: 400, code: json ? 'SerializationException' : 'MalformedXML', message: detail };
    case 'broken':
      return { status: 500, code: json ? 'InternalServerException' : 'InternalError', message: detail };
  }
}

function unknownKeyCode(protocol: Protocol): string {
  if (protocol === 's3') return 'InvalidAccessKeyId';
  return protocol === 'query' ? 'InvalidClientTokenId' : 'UnrecognizedClientException';
}

function throttled(protocol: Protocol): Wording {
  if (protocol === 's3') return { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' };
  const code = protocol === 'query' ? 'Throttling' : 'ThrottlingException';
  return { status: protocol === 'rest-json' ? 429 : 400, code, message: 'Rate exceeded' };
}

function xmlError(code: string, message: string): string {
  return `<Code>${xmlText(code)}</Code><Message>${xmlText(message)}</Message>`;
}

/** Text as it may stand between XML tags. */
export function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
