// SPDX-License-Identifier: Apache-2.0
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { attributeOf, type Item, type Key } from './dynamodb-item.ts';

/** What must hold for a write: that there is no item, or that some attributes have these values. */
export type Condition = 'absent' | Readonly<Record<string, string | number>>;

/** One part of a transaction. No two may be about the same item. */
export type Write =
  | { readonly put: Item; readonly when?: Condition }
  | { readonly remove: Key }
  /** Adds to numbers; an item or a number that is not there is made. */
  | { readonly add: Key; readonly amounts: ReadonlyMap<string, number> };

/** A write as the SDK takes it. */
export function transactItemOf(table: string, write: Write): TransactWriteItem {
  if ('put' in write) {
    return { Put: { TableName: table, Item: write.put, ...(write.when === undefined ? {} : conditionOf(write.when)) } };
  }
  const { pk, sk } = 'remove' in write ? write.remove : write.add;
  const target = { TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } };
  if ('remove' in write) return { Delete: target };
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  for (const [name, amount] of write.amounts) {
    const n = Object.keys(names).length;
    names[`#${n}`] = name;
    values[`:${n}`] = attributeOf(amount);
  }
  const expression = Object.keys(names).map((name) => `${name} :${name.slice(1)}`);
  return {
    Update: {
      ...target,
      UpdateExpression: `ADD ${expression.join(', ')}`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
    },
  };
}

interface ConditionWords {
  ConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
}

/** A condition as the SDK takes it. */
export function conditionOf(condition: Condition): ConditionWords {
  if (condition === 'absent') return { ConditionExpression: 'attribute_not_exists(pk)' };
  const pairs = Object.entries(condition);
  return {
    ConditionExpression: pairs.map((_, n) => `#c${n} = :c${n}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(pairs.map(([name], n) => [`#c${n}`, name])),
    ExpressionAttributeValues: Object.fromEntries(pairs.map(([, value], n) => [`:c${n}`, attributeOf(value)])),
  };
}
