// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Collection } from '../../collect/collection.ts';
import { unreadMessageName } from '../../collect/unread-message.ts';
import type { SourceId } from '../../evidence/observation.ts';
import { placeOfArn } from './function-settings.ts';
import { type QueueMessage, queueOf } from './queue-event.ts';

/**
 * Seals that a message could not be read: it fails each time and becomes a dead letter, and nobody knows what it asked for. As a run of its own with
 * plan and receipt, so that no other run closes the gap; the self-audit does when somebody removed the dead letter. The caller flushes.
 */
export async function takeMalformed(collection: Collection, source: SourceId, message: QueueMessage): Promise<void> {
  const { messageId, body, eventSourceARN, attributes } = message;
  const { ApproximateReceiveCount: receives, SentTimestamp: sent } = attributes;
  const run = collection.run({ run: `message-${messageId}`, source, ...placeOfArn(eventSourceARN), window: null }, null);
  const what = unreadMessageName(messageId);
  await run.plan(what);
  await run.takeGap({
    reason: 'malformed',
    extent: 'scope',
    what,
    message: 'A message on the queue of this source is no run and no event; it lies among the dead letters.',
    code: 'MESSAGE_MALFORMED',
    detail: {
      // Not the text: whoever wrote it may have put anything into it.
      sha256: hash('sha256', body),
      bytes: Buffer.byteLength(body),
      queue: queueOf(message),
      // Each time is a gap of its own, so that one that fails again is open again.
      receives,
      sentAt: sent === undefined ? null : new Date(sent).toISOString(),
    },
  });
  await run.finish({});
}
