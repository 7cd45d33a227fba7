// SPDX-License-Identifier: Apache-2.0
import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { at, type Json } from '../../src/evidence/json.ts';
import { awsError, type SampleAnswer, type SampleRequest, type SampleService } from '../../src/sample/sample-service.ts';

/** What a fake key does when it is used. `lying`: signs with another key than the one it shows. `throttled`: as often as it is asked. */
export type FakeKeyState = 'enabled' | 'disabled' | 'pending-deletion' | 'denied' | 'throttled' | 'absent' | 'broken' | 'lying';

/** Kinds of keys that the fake can make. */
export type FakeKeySpec = 'ECC_NIST_EDWARDS25519' | 'ECC_NIST_P256' | 'HMAC_256' | 'SYMMETRIC_DEFAULT';

interface FakeKey {
  readonly spec: FakeKeySpec;
  readonly pair: { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
  readonly secret: Buffer;
  state: FakeKeyState;
}

/**
 * KMS as far as we use it, in AWS JSON 1.1: GetPublicKey, Sign, GenerateMac. Errors as
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html and …/developerguide/key-state.html say (read 2026-11).
 */
export class FakeKms {
  readonly keys = new Map<string, FakeKey>();
  /** Operations asked for, in order. */
  readonly asked: string[] = [];

  /** Makes a key and gives its ARN. */
  create(spec: FakeKeySpec, state: FakeKeyState = 'enabled'): string {
    const arn = `arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-${String(this.keys.size).padStart(12, '0')}`;
    const pair = spec === 'ECC_NIST_P256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519');
    this.keys.set(arn, { spec, pair, state, secret: Buffer.alloc(32, this.keys.size + 1) });
    return arn;
  }

  /** Changes what a key does. */
  turn(arn: string, state: FakeKeyState): void {
    const key = this.keys.get(arn);
    if (key === undefined) throw new Error(`no key ${arn}`);
    key.state = state;
  }

  readonly service: SampleService = (request) => {
    this.asked.push(request.operation);
    const id = text(request.body, 'KeyId');
    const key = this.keys.get(id);
    if (key === undefined) return awsError(400, 'NotFoundException', `Key '${id}' does not exist`);
    return refusal(key.state, request, id) ?? answer(key, request, id);
  };
}

function refusal(state: FakeKeyState, { operation }: SampleRequest, id: string): SampleAnswer | null {
  switch (state) {
    case 'disabled':
      return awsError(400, 'DisabledException', `${id} is disabled.`);
    case 'pending-deletion':
      return awsError(400, 'KMSInvalidStateException', `${id} is pending deletion.`);
    case 'denied':
      return awsError(
        400,
        'AccessDeniedException',
        `User: arn:aws:iam::111122223333:user/x is not authorized to perform: kms:${operation}`,
      );
    case 'throttled':
      return awsError(
        400,
        'ThrottlingException',
        'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
      );
    case 'absent':
      return awsError(400, 'NotFoundException', `Key '${id}' does not exist`);
    case 'broken':
      return awsError(500, 'KMSInternalException', 'An internal error occurred.');
    default:
      return null;
  }
}

function answer(key: FakeKey, { operation, body }: SampleRequest, id: string): SampleAnswer {
  switch (operation) {
    case 'GetPublicKey':
      return publicKeyOf(key, id);
    case 'Sign':
      return signed(key, body, id);
    case 'GenerateMac':
      if (key.spec !== 'HMAC_256') return wrongUsage(id);
      return ok({ KeyId: id, MacAlgorithm: 'HMAC_SHA_256', Mac: createHmac('sha256', key.secret).update(bytes(body)).digest('base64') });
    default:
      return awsError(400, 'UnknownOperationException', operation);
  }
}

function publicKeyOf({ spec, pair }: FakeKey, id: string): SampleAnswer {
  if (!spec.startsWith('ECC_')) return awsError(400, 'UnsupportedOperationException', `${id} is not an asymmetric key.`);
  const PublicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  return ok({ KeyId: id, KeySpec: spec, KeyUsage: 'SIGN_VERIFY', PublicKey });
}

function signed({ spec, pair, state }: FakeKey, body: Json | undefined, id: string): SampleAnswer {
  const [algorithm, type] = [text(body, 'SigningAlgorithm'), text(body, 'MessageType')];
  if (spec !== 'ECC_NIST_EDWARDS25519' || algorithm !== 'ED25519_SHA_512' || type !== 'RAW') return wrongUsage(id);
  if (bytes(body).length > 4_096) return awsError(400, 'ValidationException', 'Member must have length less than or equal to 4096');
  const key = state === 'lying' ? generateKeyPairSync('ed25519').privateKey : pair.privateKey;
  return ok({ KeyId: id, SigningAlgorithm: algorithm, Signature: sign(null, bytes(body), key).toString('base64') });
}

function wrongUsage(id: string): SampleAnswer {
  return awsError(400, 'InvalidKeyUsageException', `${id} key usage or spec is not compatible with this operation.`);
}

function ok(body: Json): SampleAnswer {
  return { status: 200, body };
}

function bytes(body: Json | undefined): Buffer {
  return Buffer.from(text(body, 'Message'), 'base64');
}

function text(body: Json | undefined, member: string): string {
  const value = body === undefined ? undefined : at(body, member);
  return typeof value === 'string' ? value : '';
}
