// SPDX-License-Identifier: Apache-2.0
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { DynamoDbLedgerHead } from '../../src/ledger/dynamodb-ledger-head.ts';
import { withDynalite } from '../support/dynamodb-dynalite.ts';
import { newTable } from '../support/dynamodb-tables.ts';

const root = (digit: string): string => digit.repeat(64);
let table = '';
const { newClient } = withDynalite();
let client: DynamoDBClient;

beforeEach(async () => {
  client = newClient();
  table = await newTable(client);
});

const open = () => new DynamoDbLedgerHead({ client, table });

describe('DynamoDbLedgerHead', () => {
  it('moves from what was read, and for one of many at once', async () => {
    expect(await open().readHead()).toBeNull();
    const first = await open().swapHead(null, { size: 3, root: root('a') });
    expect(await open().readHead()).toEqual(first);
    const swaps = await Promise.allSettled(Array.from({ length: 6 }, () => open().swapHead(first, { size: 5, root: root('b') })));
    expect(swaps.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const swap of swaps) if (swap.status === 'rejected') expect(swap.reason).toMatchObject({ code: 'LEDGER_HEAD_MOVED' });
    expect(await open().readHead()).toEqual({ size: 5, root: root('b'), version: '1' });
    await expect(open().swapHead(first, { size: 6, root: root('c') })).rejects.toMatchObject({ code: 'LEDGER_HEAD_MOVED' });
    await expect(open().swapHead(null, { size: 6, root: root('c') })).rejects.toMatchObject({ code: 'LEDGER_HEAD_MOVED' });
  });

  it('knows its own write when the SDK repeats it because the answer was lost', async () => {
    const lossy = newClient();
    let attempts = 0;
    lossy.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if (++attempts > 1) return answer;
        throw Object.assign(new Error('the connection broke'), { name: 'TimeoutError' });
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    const head = await new DynamoDbLedgerHead({ client: lossy, table }).swapHead(null, { size: 3, root: root('a') });
    expect(attempts).toBeGreaterThan(1);
    expect(await open().readHead()).toEqual(head);
    lossy.destroy();
  });

  it('refuses to go back, and what is no head', async () => {
    const first = await open().swapHead(null, { size: 3, root: root('a') });
    await expect(open().swapHead(first, { size: 3, root: root('b') })).rejects.toMatchObject({ code: 'LEDGER_ROLLED_BACK' });
    const Item = { pk: { S: 'ledger' }, sk: { S: 'head' }, size: { S: 'three' } };
    await client.send(new PutItemCommand({ TableName: table, Item }));
    await expect(open().readHead()).rejects.toMatchObject({ code: 'LEDGER_DAMAGED' });
  });

  it('says LEDGER_UNAVAILABLE, naming the action, where there is no table', async () => {
    const head = new DynamoDbLedgerHead({ client, table: 'no-such-table' });
    const failure = (action: string) => ({ code: 'LEDGER_UNAVAILABLE', message: expect.stringContaining(action) });
    await expect(head.readHead()).rejects.toMatchObject(failure('dynamodb:GetItem'));
    await expect(head.swapHead(null, { size: 1, root: root('a') })).rejects.toMatchObject(failure('dynamodb:PutItem'));
  });
});
