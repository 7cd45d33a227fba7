// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import * as z from 'zod';
import { readSegment } from '../../collect/reconcile.ts';
import type { EvidenceIndex } from '../../evidence-index/evidence-index.ts';
import { SegmentError } from '../../vault/segment-error.ts';
import { isSegmentKey } from '../../vault/segment-key.ts';
import type { Vault } from '../../vault/vault.ts';
import { bucketPrefixes } from '../deployment/env-names.ts';
import { type FunctionHandler, functionChain } from './function-chain.ts';
import { FunctionError } from './function-error.ts';
import { type BatchAnswer, failing, jsonBody, type QueueMessage, queueEventSchema } from './queue-event.ts';
import type { Telemetry } from './telemetry.ts';

/** What `project` works with. */
export interface ProjectParts {
  readonly vault: Pick<Vault, 'get'>;
  readonly index: Pick<EvidenceIndex, 'apply' | 'hasSegment'>;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html, read 2026-11: the key stands there as it is, not encoded.
const objectCreatedSchema = z.object({
  source: z.literal('aws.s3'),
  'detail-type': z.literal('Object Created'),
  time: z.iso.datetime(),
  detail: z.object({ object: z.object({ key: z.string().min(1) }) }),
});

/** The function that takes each new segment of the vault into the index. A notice that comes twice, or out of order, changes nothing. */
export function projectHandler(telemetry: () => Telemetry, open: () => Promise<ProjectParts>): FunctionHandler<BatchAnswer> {
  return functionChain({
    name: 'project',
    event: queueEventSchema,
    telemetry,
    run: async ({ Records: messages }) => {
      const parts = await open();
      const failed: string[] = [];
      for (const message of messages) if (!(await projectMessage(parts, message))) failed.push(message.messageId);
      return failing(failed);
    },
  });
}

/** Whether the message is done with. */
async function projectMessage(parts: ProjectParts, message: QueueMessage): Promise<boolean> {
  const { telemetry } = parts;
  const { messageId } = message;
  try {
    const { key, time } = noticeIn(message);
    if (key.startsWith(bucketPrefixes.ledger)) return true;
    const segment = key.startsWith(bucketPrefixes.vault) ? key.slice(bucketPrefixes.vault.length) : null;
    if (segment === null || !isSegmentKey(segment)) {
      telemetry.problem('foreign object', { key: key.slice(0, 200) });
      telemetry.count('foreignObjects', 1);
      return true;
    }
    await project(parts, segment, time);
    return true;
  } catch (error) {
    telemetry.problem('projection failed', { message: messageId }, error);
    if (error instanceof FunctionError) telemetry.count('messagesMalformed', 1);
    if (error instanceof SegmentError) telemetry.count('vaultProblems', 1);
    return false;
  }
}

function noticeIn(message: QueueMessage): { readonly key: string; readonly time: string } {
  const parsed = objectCreatedSchema.safeParse(jsonBody(message));
  if (!parsed.success)
    throw new FunctionError('MESSAGE_MALFORMED', `message ${message.messageId} is no notice of S3`, { cause: parsed.error });
  const { time, detail } = parsed.data;
  const { key } = detail.object;
  // Some servers encode keys as S3's own notifications do; no key of ours holds a percent sign.
  return { key: key.includes('%') ? decodeURIComponent(key) : key, time };
}

async function project({ vault, index, telemetry, now }: ProjectParts, key: string, createdAt: string): Promise<void> {
  if (await index.hasSegment(key)) {
    telemetry.line('segment known', { segment: key });
    return;
  }
  const bytes = await vault.get(key);
  const records = await readSegment(key, bytes);
  await index.apply({ key, sha256: hash('sha256', bytes), records });
  const lagSeconds = Math.max(0, Math.round((now().getTime() - Date.parse(createdAt)) / 1_000));
  telemetry.line('segment projected', { segment: key, records: records.length, lagSeconds });
  telemetry.count('segmentsProjected', 1);
  telemetry.count('projectionLag', lagSeconds);
}
