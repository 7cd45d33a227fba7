// SPDX-License-Identifier: Apache-2.0
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { attributeOf, type Item } from './dynamodb-item.ts';

/** A range of one partition; both ends are included. */
export interface Range {
  readonly pk: string;
  readonly from: string;
  readonly to: string;
  readonly newestFirst?: boolean;
  /** Items at most; all of the range where absent. */
  readonly limit?: number;
  /** Attributes that are read; all where absent. */
  readonly only?: readonly string[];
}

/** What is asked of a range. */
export function queryOf(table: string, { pk, from, to, newestFirst = false }: Range): QueryCommandInput {
  return {
    TableName: table,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': { S: pk }, ':from': attributeOf(from), ':to': attributeOf(to) },
    ScanIndexForward: !newestFirst,
    ConsistentRead: true,
  };
}

/** At most so many items of a page. */
export function limitOf(limit: number): { readonly Limit?: number } {
  return Number.isFinite(limit) ? { Limit: limit } : {};
}

/** Where the next page starts. */
export function startOf(key: Item | undefined): { readonly ExclusiveStartKey?: Item } {
  return key === undefined ? {} : { ExclusiveStartKey: key };
}

/** Which attributes are read. */
export function projectionOf(only: readonly string[] | undefined): object {
  if (only === undefined) return {};
  const names = Object.fromEntries(only.map((name, n) => [`#p${n}`, name]));
  return { ProjectionExpression: Object.keys(names).join(', '), ExpressionAttributeNames: names };
}
