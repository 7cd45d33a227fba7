// SPDX-License-Identifier: Apache-2.0
import { CreateTableCommand, DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDbIndex, type DynamoDbIndexOptions } from '../../src/evidence-index/dynamodb-index.ts';

let tables = 0;

/** Makes a new, empty table and gives its name. */
export async function newTable(client: DynamoDBClient): Promise<string> {
  const table = `index-${process.pid}-${++tables}`;
  await client.send(new CreateTableCommand(DynamoDbIndex.tableDefinition(table)));
  // Until it is active, DynamoDB says of every call that there is no such table.
  while ((await client.send(new DescribeTableCommand({ TableName: table }))).Table?.TableStatus !== 'ACTIVE');
  return table;
}

/** Tells the AI resource of the contract suites. */
export const isEndpoint = ({ type }: { readonly type: string }): boolean => type === 'AWS::SageMaker::Endpoint';

/** Opens an index in a new table, whose AI resources are those of type `AWS::SageMaker::Endpoint`; it waits for nothing before it tries again. */
export async function newIndex(client: DynamoDBClient, more: Partial<DynamoDbIndexOptions> = {}): Promise<DynamoDbIndex> {
  const table = more.table ?? (await newTable(client));
  return DynamoDbIndex.open({ client, isAiResource: isEndpoint, wait: async () => {}, ...more, table });
}
