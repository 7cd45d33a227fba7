// SPDX-License-Identifier: Apache-2.0
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { isConditionFailure, isPassing, tableFailure, unavailable } from './dynamodb-failure.ts';
import { type Item, itemOf, type Key, keyOfItem } from './dynamodb-item.ts';
import { limitOf, projectionOf, queryOf, type Range, startOf } from './dynamodb-query.ts';
import { type Condition, conditionOf, transactItemOf, type Write } from './dynamodb-write.ts';
import { inBatches } from './in-batches.ts';
import { Turns } from './turns.ts';

// Limits of one call: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html, read 2026-11.
const mostKeysRead = 100;
const mostItemsWritten = 25;

/** Tries of one call, beside those that the SDK makes itself, before the store is given up as unavailable. */
const mostTries = 10;
const firstPause = 50;
/** Milliseconds. */
export const longestPause = 5_000;

/** Calls under way at most: fewer than the connections that the SDK keeps open (50), or it queues them and warns. */
const mostAtOnce = 40;

/** How the table is reached. */
export interface TableOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** Waits before a call is tried again; milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<void>;
}

/**
 * The calls that the index makes of one table. Reads are strongly consistent: what an `apply` that resolved wrote is seen by every later one.
 * What DynamoDB left undone or throttled is tried again; failures are INDEX_UNAVAILABLE or INDEX_DAMAGED.
 */
export class DynamoDbTable {
  readonly name: string;
  private readonly client: DynamoDBClient;
  private readonly wait: (milliseconds: number) => Promise<void>;
  private readonly turns = new Turns(mostAtOnce);

  constructor({ client, table, wait }: TableOptions) {
    this.client = client;
    this.name = table;
    this.wait = wait ?? ((milliseconds) => new Promise((done) => setTimeout(done, milliseconds)));
  }

  /** One item, or null. */
  async get({ pk, sk }: Key): Promise<Item | null> {
    const command = () => new GetItemCommand({ TableName: this.name, Key: { pk: { S: pk }, sk: { S: sk } }, ConsistentRead: true });
    return (await this.tried('GetItem', () => this.client.send(command()))).Item ?? null;
  }

  /** The items that there are of these keys, each asked once, in no order. */
  async getMany(keys: readonly Key[], only?: readonly string[]): Promise<readonly Item[]> {
    const unique = [...new Map(keys.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
    const answers = await inBatches(unique, mostKeysRead, (batch) => this.getBatch(batch, only));
    return answers.flat();
  }

  private async getBatch(keys: readonly Key[], only?: readonly string[]): Promise<readonly Item[]> {
    const found: Item[] = [];
    let left: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }));
    for (let tries = 1; left.length > 0; tries++) {
      if (tries > 1) await this.pauseThrottled('BatchGetItem', tries);
      const request = { [this.name]: { Keys: left as Item[], ConsistentRead: true, ...projectionOf(only) } };
      const answer = await this.tried('BatchGetItem', () => this.client.send(new BatchGetItemCommand({ RequestItems: request })));
      const items = answer.Responses?.[this.name] ?? [];
      found.push(...items);
      left = answer.UnprocessedKeys?.[this.name]?.Keys ?? [];
      // Something came: the answer was full, not the table throttled.
      if (items.length > 0) tries = 0;
    }
    return found;
  }

  /** The items of a range, in order. */
  async query(range: Range): Promise<readonly Item[]> {
    // DynamoDB refuses a range that ends before it begins.
    if (range.from > range.to) return [];
    const items: Item[] = [];
    const limit = range.limit ?? Number.POSITIVE_INFINITY;
    let start: Item | undefined;
    do {
      const page = { ...queryOf(this.name, range), ...limitOf(limit - items.length), ...startOf(start), ...projectionOf(range.only) };
      const answer = await this.tried('Query', () => this.client.send(new QueryCommand(page)));
      items.push(...(answer.Items ?? []));
      start = answer.LastEvaluatedKey;
    } while (start !== undefined && items.length < limit);
    return items;
  }

  /** How many items a range has, counted up to `most` and in one call: an estimate that costs little. */
  async count(range: Range, most: number): Promise<number> {
    if (range.from > range.to) return 0;
    const query = { ...queryOf(this.name, range), Select: 'COUNT', Limit: most } as const;
    return (await this.tried('Query', () => this.client.send(new QueryCommand(query)))).Count ?? 0;
  }

  /** Writes items one by one, whatever was there: for what may be written twice. */
  async putMany(items: readonly Item[]): Promise<void> {
    const unique = new Map(items.map((item) => [`${item['pk']?.S} ${item['sk']?.S}`, item]));
    await this.writeMany([...unique.values()].map((item) => ({ PutRequest: { Item: item } })));
  }

  /** Deletes items one by one. */
  async deleteMany(keys: readonly Key[]): Promise<void> {
    await this.writeMany(keys.map(({ pk, sk }) => ({ DeleteRequest: { Key: { pk: { S: pk }, sk: { S: sk } } } })));
  }

  private async writeMany(requests: readonly WriteRequest[]): Promise<void> {
    await inBatches(requests, mostItemsWritten, (batch) => this.writeBatch(batch));
  }

  private async writeBatch(requests: readonly WriteRequest[]): Promise<void> {
    let left = [...requests];
    for (let tries = 1; left.length > 0; tries++) {
      if (tries > 1) await this.pauseThrottled('BatchWriteItem', tries);
      const command = () => new BatchWriteItemCommand({ RequestItems: { [this.name]: left } });
      const answer = await this.tried('BatchWriteItem', () => this.client.send(command()));
      const undone = answer.UnprocessedItems?.[this.name] ?? [];
      if (undone.length < left.length) tries = 0;
      left = undone;
    }
  }

  /** Writes one item where the condition holds; false where it does not. */
  async putWhen(item: Item, condition: Condition): Promise<boolean> {
    try {
      await this.tried('PutItem', () =>
        this.client.send(new PutItemCommand({ TableName: this.name, Item: item, ...conditionOf(condition) })),
      );
      return true;
    } catch (error) {
      if (isConditionFailure(error)) return false;
      throw error;
    }
  }

  /** Writes all or nothing. One try: whether it took effect is for the caller to find out, who must be able to do it again. */
  async transact(writes: readonly Write[]): Promise<void> {
    const command = new TransactWriteItemsCommand({ TransactItems: writes.map((write) => transactItemOf(this.name, write)) });
    await this.client.send(command);
  }

  /**
   * One page (1 MB) of the whole table: keys of the items whose partition's name begins so, and after which item the next page begins; null
   * after the last. The item need not be there any more.
   */
  async keysAfter(after: Key | null, prefix: string): Promise<{ readonly keys: readonly Key[]; readonly next: Key | null }> {
    const scan = {
      TableName: this.name,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: { ':prefix': { S: prefix } },
      ProjectionExpression: 'pk, sk',
      ConsistentRead: true,
      ...startOf(after === null ? undefined : itemOf(after)),
    };
    const { Items = [], LastEvaluatedKey: last } = await this.tried('Scan', () => this.client.send(new ScanCommand(scan)));
    return { keys: Items.map(keyOfItem), next: last === undefined ? null : keyOfItem(last) };
  }

  /** Waits before another try: longer each time, and hardly ever as long as another who waits. */
  async pause(tries: number, longest = longestPause): Promise<void> {
    await this.wait(Math.random() * Math.min(firstPause * 2 ** tries, longest));
  }

  /** The same, where a call came back with nothing done. Throws INDEX_UNAVAILABLE after the last try. */
  private async pauseThrottled(action: string, tries: number): Promise<void> {
    if (tries > mostTries) {
      throw unavailable(`${action} on table ${this.name} was throttled ${mostTries} times: try again later`, undefined);
    }
    await this.pause(tries);
  }

  /** An error of this table in the port's words. */
  failure(error: unknown, action: string): unknown {
    return tableFailure(error, { action, table: this.name });
  }

  private async tried<Answer>(action: string, call: () => Promise<Answer>): Promise<Answer> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.turns.take(call);
      } catch (error) {
        if (!isPassing(error) || tries >= mostTries) throw this.failure(error, action);
      }
      await this.pause(tries);
    }
  }
}
