// SPDX-License-Identifier: Apache-2.0
import {
  type AttributeValue,
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';

type Item = Record<string, AttributeValue>;

/**
 * A DynamoDB table in memory that counts request units as AWS does: it checks no conditions and refuses nothing, so it serves for costs alone.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html, read 2026-11.
 */
export class CountingTable {
  readonly #items = new Map<string, Item>();
  #writes = 0;
  #reads = 0;

  /** Units so far, and bytes held: 100 more per item are stored and paid for. */
  units(): { readonly writes: number; readonly reads: number; readonly bytes: number } {
    const bytes = [...this.#items.values()].reduce((sum, item) => sum + sizeOf(item) + 100, 0);
    return { writes: this.#writes, reads: this.#reads, bytes };
  }

  async send(command: object): Promise<object> {
    if (command instanceof GetItemCommand) return { Item: this.#get(command.input.Key) };
    if (command instanceof BatchGetItemCommand) {
      const asked = Object.entries(command.input.RequestItems ?? {});
      return { Responses: Object.fromEntries(asked.map(([table, { Keys = [] }]) => [table, this.#getAll(Keys)])) };
    }
    if (command instanceof QueryCommand) return { Items: this.#query(command.input) };
    if (command instanceof PutItemCommand) return this.#put(command.input.Item, 1);
    if (command instanceof BatchWriteItemCommand) {
      for (const { PutRequest } of Object.values(command.input.RequestItems ?? {}).flat()) this.#put(PutRequest?.Item, 1);
      return {};
    }
    if (command instanceof TransactWriteItemsCommand) {
      for (const write of command.input.TransactItems ?? []) this.#transact(write);
      return {};
    }
    throw new Error(`the counting table does not know ${command.constructor.name}`);
  }

  #getAll(keys: readonly Item[]): readonly Item[] {
    return keys.map((key) => this.#get(key)).filter((item) => item !== undefined);
  }

  // A consistent read takes a unit for 4 KB, also where there is nothing.
  #get(key: Item | undefined): Item | undefined {
    const item = this.#items.get(nameOf(key));
    this.#reads += readUnits(sizeOf(item));
    return item;
  }

  #query({ ExpressionAttributeValues: values = {}, ScanIndexForward = true, Limit }: QueryCommand['input']): readonly Item[] {
    const [pk, from = '', to = ''] = [':pk', ':from', ':to'].map((name) => values[name]?.S);
    const isAsked = ({ pk: one, sk }: Item) => one?.S === pk && (sk?.S ?? '') >= from && (sk?.S ?? '') <= to;
    const found = [...this.#items.values()].filter(isAsked).sort((a, b) => ((a['sk']?.S ?? '') < (b['sk']?.S ?? '') ? -1 : 1));
    const items = (ScanIndexForward ? found : found.reverse()).slice(0, Limit);
    this.#reads += readUnits(items.reduce((sum, item) => sum + sizeOf(item), 0));
    return items;
  }

  #put(item: Item | undefined, factor: 1 | 2): object {
    if (item === undefined) throw new Error('the counting table only puts');
    this.#items.set(nameOf(item), item);
    this.#writes += factor * writeUnits(sizeOf(item));
    return {};
  }

  // A write within a transaction takes twice the units.
  #transact({ Put, Update, Delete }: TransactWriteItem): void {
    if (Put !== undefined) this.#put(Put.Item, 2);
    if (Update !== undefined) this.#put(this.#added(Update), 2);
    if (Delete === undefined) return;
    this.#writes += 2 * writeUnits(sizeOf(this.#items.get(nameOf(Delete.Key))));
    this.#items.delete(nameOf(Delete.Key));
  }

  /** The item after `ADD #0 :0, #1 :1, …`. */
  #added({
    Key,
    ExpressionAttributeNames: names = {},
    ExpressionAttributeValues: values = {},
  }: NonNullable<TransactWriteItem['Update']>): Item {
    const item: Item = { ...Key, ...this.#items.get(nameOf(Key)) };
    for (const [name, attribute] of Object.entries(names)) {
      item[attribute] = { N: String(Number(item[attribute]?.N ?? 0) + Number(values[name.replace('#', ':')]?.N ?? 0)) };
    }
    return item;
  }
}

function nameOf(key: Item | undefined): string {
  return `${key?.['pk']?.S} ${key?.['sk']?.S}`;
}

function sizeOf(item: Item | undefined): number {
  return Object.entries(item ?? {}).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize({ S, N, B }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  // A number takes about a byte for two digits, and one.
  return N === undefined ? (B?.length ?? 1) : Math.ceil(N.length / 2) + 1;
}

function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1_024));
}

function readUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4_096));
}
