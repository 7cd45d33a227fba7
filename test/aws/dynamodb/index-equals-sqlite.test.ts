// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { everyAnswer } from '../../support/dynamodb-answers.ts';
import { expectedAnswers } from '../../support/dynamodb-expected.ts';
import { history } from '../../support/dynamodb-histories.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { newIndex, newTable } from '../../support/dynamodb-tables.ts';

const newClient = withMiniStack();

describe('a DynamoDB index answers as a SQLite index does', () => {
  it('after any segments in any order, with replays', async () => {
    const client = newClient();
    await fc.assert(
      fc.asyncProperty(history, async ({ arrivals }) => {
        const index = await newIndex(client);
        for (const segment of arrivals) await index.apply(segment);
        expect(await everyAnswer(index)).toEqual(await expectedAnswers(arrivals));
      }),
      { numRuns: 60, endOnFailure: true },
    );
  }, 600_000);

  it('after the same segments were taken in by three at once, each in its own order', async () => {
    const client = newClient();
    const clients = [client, newClient(), newClient()];
    await fc.assert(
      fc.asyncProperty(history, async ({ arrivals }) => {
        const table = await newTable(client);
        const orders = [arrivals, [...arrivals].reverse(), [...arrivals].sort((one, other) => (one.sha256 < other.sha256 ? -1 : 1))];
        const wait = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds / 10));
        const indexes = await Promise.all(clients.map((one) => newIndex(one, { table, wait, recordsPerPart: 2 })));
        await Promise.all(
          indexes.map(async (index, n) => {
            for (const segment of orders[n] ?? []) await index.apply(segment);
          }),
        );
        expect(await everyAnswer(await newIndex(client, { table }))).toEqual(await expectedAnswers(arrivals));
      }),
      { numRuns: 40, endOnFailure: true },
    );
  }, 600_000);
});
