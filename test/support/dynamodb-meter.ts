// SPDX-License-Identifier: Apache-2.0
import type { AttributeValue, BatchGetItemCommandInput, BatchWriteItemCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { putBetween } from './dynamodb-faults.ts';

type Item = Record<string, AttributeValue>;

/** Request units of a table so far, and the calls that used them. */
export interface Units {
  readonly reads: number;
  readonly writes: number;
  readonly calls: number;
}

/**
 * Counts the request units of a client: those of transactions and queries as the server tells them (`ReturnConsumedCapacity`), those of
 * single items and batches, which MiniStack does not tell, from the size of the items.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html, read 2026-11.
 */
export function metered(client: DynamoDBClient): () => Units {
  let [reads, writes, calls] = [0, 0, 0];
  putBetween(client, async (command, input, send) => {
    calls++;
    const sent = await send({ ...(input as object), ReturnConsumedCapacity: 'TOTAL' });
    const told = toldIn(sent.output);
    if (command === 'Query') reads += told;
    else if (command === 'TransactWriteItems') writes += told;
    else if (command === 'GetItem') reads += readUnits(sent.output['Item'] as Item | undefined);
    else if (command === 'BatchGetItem') reads += batchReads(input as BatchGetItemCommandInput, sent.output);
    else writes += putItems(command, input).reduce((sum, item) => sum + writeUnits(item), 0);
    return sent;
  });
  return () => ({ reads, writes, calls });
}

/** Bytes of an item as DynamoDB counts them: names and values. */
function sizeOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize({ S, N, B }: AttributeValue): number {
  if (S !== undefined) return Buffer.byteLength(S);
  // A number takes about a byte for two digits, and one.
  return N === undefined ? (B?.length ?? 1) : Math.ceil(N.length / 2) + 1;
}

// A consistent read takes a unit for 4 KB, also where there is nothing.
function readUnits(item: Item | undefined): number {
  return item === undefined ? 1 : Math.ceil(sizeOf(item) / 4_096);
}

function writeUnits(item: Item): number {
  return Math.ceil(sizeOf(item) / 1_024);
}

// Items that a projection made smaller are paid for in full: those of records fit into a unit, as one that is absent does.
function batchReads({ RequestItems = {} }: BatchGetItemCommandInput, output: Record<string, unknown>): number {
  const found = Object.values((output['Responses'] ?? {}) as Record<string, Item[]>).flat();
  const asked = Object.values(RequestItems).flatMap(({ Keys = [] }) => Keys).length;
  return asked - found.length + found.reduce((sum, item) => sum + readUnits(item), 0);
}

function putItems(command: string, input: unknown): readonly Item[] {
  if (command === 'PutItem') return [(input as { readonly Item: Item }).Item];
  if (command !== 'BatchWriteItem') throw new Error(`the meter does not know ${command}`);
  const requests = Object.values((input as BatchWriteItemCommandInput).RequestItems ?? {}).flat();
  return requests.flatMap(({ PutRequest }) => (PutRequest?.Item === undefined ? [] : [PutRequest.Item]));
}

function toldIn(output: Record<string, unknown>): number {
  const told = [output['ConsumedCapacity'] ?? []].flat() as readonly { readonly CapacityUnits?: number }[];
  return told.reduce((sum, one) => sum + (one.CapacityUnits ?? 0), 0);
}
