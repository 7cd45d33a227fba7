// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from 'node:child_process';
import * as z from 'zod';

const count = z.int().min(0);

/** What `aims collect --json` promises to those who script against it. */
const collectionSchema = z.object({
  runs: z.array(
    z.object({
      id: z.string(),
      source: z.string(),
      itemsRead: count,
      recordsStored: count,
      duplicates: count,
      itemGaps: count,
      scopeGaps: count,
    }),
  ),
  unrecognised: z.array(z.object({ path: z.string(), reason: z.string().min(1) })),
});
export type CollectionAnswer = z.infer<typeof collectionSchema>;

const verificationSchema = z.object({
  ok: z.boolean(),
  checked: z.record(z.string(), z.unknown()),
  problems: z.array(z.object({ item: z.string(), reason: z.string().min(1) })),
});
export type VerificationAnswer = z.infer<typeof verificationSchema>;

const checkpointSchema = z.object({ checkpoint: z.string(), verifierKey: z.string() });

interface Answer<Content> {
  readonly status: number | null;
  readonly answer: Content;
}

/** `aims collect --from FROM`, as a user calls it. */
export function collect(home: string, from: string): Answer<CollectionAnswer> {
  return aims(collectionSchema, ['collect', '--from', from, '--home', home, '--json']);
}

/** `aims verify --records`, with what was kept elsewhere where there is such. */
export function verify(home: string, kept: readonly string[] = []): Answer<VerificationAnswer> {
  return aims(verificationSchema, ['verify', '--records', '--home', home, '--json', ...kept]);
}

/** `aims checkpoint`. */
export function checkpoint(home: string): z.infer<typeof checkpointSchema> {
  return aims(checkpointSchema, ['checkpoint', '--home', home, '--json']).answer;
}

function aims<Content>(schema: z.ZodType<Content>, args: readonly string[]): Answer<Content> {
  const run = spawnSync(process.execPath, ['bin/aims.ts', ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.stdout === '') throw new TypeError(`aims ${args.join(' ')}: exit ${run.status}, no answer: ${run.stderr.slice(0, 2_000)}`);
  return { status: run.status, answer: schema.parse(JSON.parse(run.stdout)) };
}
