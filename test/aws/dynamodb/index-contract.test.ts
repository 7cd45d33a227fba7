// SPDX-License-Identifier: Apache-2.0
import { evidenceIndexContract } from '../../contract/evidence-index.contract.ts';
import { withMiniStack } from '../../support/dynamodb-server.ts';
import { newIndex } from '../../support/dynamodb-tables.ts';

const newClient = withMiniStack();

// Over HTTP: fewer histories than in memory, and time for a slow machine.
evidenceIndexContract('DynamoDbIndex', () => newIndex(newClient()), { histories: 60, milliseconds: 600_000 });
