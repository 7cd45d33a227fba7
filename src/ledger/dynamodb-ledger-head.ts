// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { type DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { LedgerHeadStore } from './ledger-head-store.ts';
import { LedgerError, type LedgerHead } from './ledger-store.ts';

/** The table, which has the string keys `pk` and `sk`. */
export interface DynamoDbLedgerHeadOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
}

/** No key of the evidence index is this one. */
const key = { pk: { S: 'ledger' }, sk: { S: 'head' } } as const;

const itemSchema = z.object({
  size: z.int().min(1),
  root: z.string().regex(/^[0-9a-f]{64}$/),
  version: z.int().min(0),
  writer: z.string(),
});
type HeadItem = z.infer<typeof itemSchema>;

/**
 * The head as one item of a DynamoDB table, changed by conditional writes. Version numbers count up, and each write carries a token of its
 * own: an SDK that repeats a write whose answer was lost meets its own item, and two sealers that want the same head are told apart.
 * Needs dynamodb:GetItem and dynamodb:PutItem.
 */
export class DynamoDbLedgerHead implements LedgerHeadStore {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor({ client, table }: DynamoDbLedgerHeadOptions) {
    this.#client = client;
    this.#table = table;
  }

  async readHead(): Promise<LedgerHead | null> {
    const item = await this.#read();
    return item === null ? null : { size: item.size, root: item.root, version: String(item.version) };
  }

  async swapHead(expected: LedgerHead | null, next: { readonly size: number; readonly root: string }): Promise<LedgerHead> {
    if (next.size <= (expected?.size ?? 0)) {
      throw new LedgerError('LEDGER_ROLLED_BACK', `refusing a head of ${next.size} leaves after one of ${expected?.size ?? 0}`);
    }
    const version = expected === null ? 0 : Number(expected.version) + 1;
    const item = itemSchema.parse({ ...next, version, writer: randomUUID() });
    if (!(await this.#write(expected, item)) && (await this.#read())?.writer !== item.writer) {
      throw new LedgerError('LEDGER_HEAD_MOVED', 'another sealer moved the head first');
    }
    return { size: item.size, root: item.root, version: String(version) };
  }

  /** False where the head is not the expected one. */
  async #write(expected: LedgerHead | null, { size, root, version, writer }: HeadItem): Promise<boolean> {
    const condition =
      expected === null
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: '#version = :version AND #root = :root',
            ExpressionAttributeNames: { '#version': 'version', '#root': 'root' },
            ExpressionAttributeValues: { ':version': { N: expected.version }, ':root': { S: expected.root } },
          };
    const Item = { ...key, size: { N: String(size) }, root: { S: root }, version: { N: String(version) }, writer: { S: writer } };
    try {
      await this.#client.send(new PutItemCommand({ TableName: this.#table, Item, ...condition }));
      return true;
    } catch (cause) {
      if (Error.isError(cause) && cause.name === 'ConditionalCheckFailedException') return false;
      throw this.#unavailable('dynamodb:PutItem', cause);
    }
  }

  async #read(): Promise<HeadItem | null> {
    const command = new GetItemCommand({ TableName: this.#table, Key: key, ConsistentRead: true });
    const { Item } = await this.#client.send(command).catch((cause: unknown) => {
      throw this.#unavailable('dynamodb:GetItem', cause);
    });
    if (Item === undefined) return null;
    const item = itemSchema.safeParse(unmarshall(Item));
    if (!item.success) throw new LedgerError('LEDGER_DAMAGED', `the item "ledger", "head" of the table ${this.#table} is no ledger head`);
    return item.data;
  }

  #unavailable(action: string, cause: unknown): LedgerError {
    const reason = Error.isError(cause) ? `${cause.name}: ${cause.message}` : String(cause);
    return new LedgerError('LEDGER_UNAVAILABLE', `${action} on the ledger head in the table ${this.#table} failed: ${reason}`, { cause });
  }
}
