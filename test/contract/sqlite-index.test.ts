// SPDX-License-Identifier: Apache-2.0
import { SqliteIndex } from '../../src/evidence-index/sqlite-index.ts';
import { evidenceIndexContract } from './evidence-index.contract.ts';

evidenceIndexContract('SqliteIndex', async () =>
  SqliteIndex.open({ path: ':memory:', isAiResource: ({ type }) => type === 'AWS::SageMaker::Endpoint' }),
);
