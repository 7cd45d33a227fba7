// SPDX-License-Identifier: Apache-2.0
import { createServer, type Server, type ServerResponse } from 'node:http';
import { GetFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { afterEach, describe, expect, it } from '@jest/globals';
import { readFailure } from '../../src/sources/source-error.ts';
import { sendForWire, wireBodyOf } from '../../src/sources/wire-body.ts';

interface Given {
  readonly status: number;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A client of a server that gives these answers in turn; the last one again and again. */
async function clientOf(...answers: readonly Given[]): Promise<{ client: SecurityHubClient; calls: () => number }> {
  let calls = 0;
  const server = createServer((_request, response: ServerResponse) => {
    const answer = answers[Math.min(calls++, answers.length - 1)];
    response.writeHead(answer?.status ?? 500, { 'content-type': 'application/json', 'x-amzn-requestid': `r-${calls}`, ...answer?.headers });
    response.end(answer?.body);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
  const endpoint = `http://127.0.0.1:${address.port}`;
  return { client: new SecurityHubClient({ region: 'eu-west-1', endpoint, credentials, maxAttempts: 2 }), calls: () => calls };
}

const odd =
  '{ "Findings":[ {"Id":"ä€😀","Newer":{"a":9007199254740993,"b":1e400},"UpdatedAt":"2026-11-01T10:00:00.000+00:00"} ] ,"Extra":null}\n';

describe('sending a command for the wire body', () => {
  it('keeps every character of the body beside the parsed output', async () => {
    const { client } = await clientOf({ status: 200, body: odd });
    const answer = await sendForWire<{ Findings?: { Id?: string }[] }>(client, new GetFindingsCommand({}));
    expect(answer.body).toBe(odd);
    expect(answer.requestId).toBe('r-1');
    expect(answer.output.Findings?.[0]?.Id).toBe('ä€😀');
    // What the SDK makes of it has lost the member that is newer than itself.
    expect(answer.output.Findings?.[0]).not.toHaveProperty('Newer');
  });

  it('keeps a body that comes in many pieces', async () => {
    const long = `{"Findings":[${Array.from({ length: 20_000 }, (_, i) => `{"Id":"finding-€-${i}"}`).join(',')}]}`;
    const { client } = await clientOf({ status: 200, body: long });
    const answer = await sendForWire<{ Findings?: unknown[] }>(client, new GetFindingsCommand({}));
    expect(answer.body).toBe(long);
    expect(answer.output.Findings).toHaveLength(20_000);
  });

  it('keeps the answer of the last try when the SDK retried', async () => {
    const throttled = { status: 429, body: '{"message":"Rate exceeded"}', headers: { 'x-amzn-errortype': 'TooManyRequestsException' } };
    const { client, calls } = await clientOf(throttled, { status: 200, body: '{"Findings":[]}' });
    const answer = await sendForWire(client, new GetFindingsCommand({}));
    expect([answer.body, answer.requestId, calls()]).toEqual(['{"Findings":[]}', 'r-2', 2]);
  });

  it('rejects as the SDK does, with the body beside the error', async () => {
    const body = '{"Message":"Account 111122223333 is not subscribed to AWS Security Hub","Code":"InvalidAccessException"}';
    const { client } = await clientOf({ status: 401, body, headers: { 'x-amzn-errortype': 'InvalidAccessException' } });
    const error: unknown = await sendForWire(client, new GetFindingsCommand({})).catch((thrown: unknown) => thrown);
    expect(readFailure(error)).toMatchObject({ code: 'InvalidAccessException', status: 401, requestId: 'r-1' });
    expect(wireBodyOf(error)).toBe(body);
  });

  it('has the bytes of an answer that is no JSON', async () => {
    const { client } = await clientOf({ status: 200, body: '{"Findings":[{"Id":"x"' });
    const error: unknown = await sendForWire(client, new GetFindingsCommand({})).catch((thrown: unknown) => thrown);
    expect(readFailure(error).code).toBe('SyntaxError');
    expect(wireBodyOf(error)).toBe('{"Findings":[{"Id":"x"');
    expect(wireBodyOf(new Error('of another call'))).toBe('');
  });

  it('takes an empty body as empty', async () => {
    const { client } = await clientOf({ status: 200, body: '' });
    await expect(sendForWire(client, new GetFindingsCommand({}))).resolves.toMatchObject({ body: '' });
  });
});
