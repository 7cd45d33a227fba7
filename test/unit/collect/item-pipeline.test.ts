// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { RawItem } from '../../../src/evidence/observation.ts';
import { noDeclarations } from '../../../src/evidence/scope-file.ts';
import { laptopTools } from '../../../src/runtime/laptop-tools.ts';

const { pipeline } = laptopTools(noDeclarations);

function item(text: string): RawItem {
  const context = { partition: 'aws', account: '111122223333', region: 'eu-west-1', sweptAt: '2026-11-21T00:00:00Z' };
  return { source: 'cloudtrail', shape: 'event', text, channel: { kind: 'api', requestId: 'r-1' }, context };
}

describe('an item that AWS answered', () => {
  it('is interpreted where it is JSON', () => {
    const text = '{"eventID":"e-1","eventName":"StopLogging","eventSource":"cloudtrail.amazonaws.com","eventTime":"2026-11-20T10:00:00Z"}';
    expect(pipeline.interpret(item(text))).toMatchObject([{ observation: { sourceIdentity: 'e-1', kind: 'activity' } }]);
  });

  it('is a gap with the hash of its bytes where it is not, and the gap quotes none of them', () => {
    const text = '{"password": hunter2-secret}';
    const [result] = pipeline.interpret(item(text));
    expect(result).toMatchObject({
      gap: { reason: 'malformed', extent: 'item', code: 'ITEM_MALFORMED', detail: { sha256: hash('sha256', text) } },
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});
