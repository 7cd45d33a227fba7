// SPDX-License-Identifier: Apache-2.0
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as z from 'zod';
import { type Gap, gapMessage } from '../evidence/gap.ts';
import type { Json } from '../evidence/json.ts';
import { type Observation, type RawItem, type SourceId, sourceIds } from '../evidence/observation.ts';

/** What a run's end would have decided and a later part of the reading must: items as they were read, packed for a queue's message. */
export interface PackedItems {
  /** Base64 of zstd of a JSON list of items; null where nothing is handed on. */
  readonly packed: string | null;
  /** Whether an observation is among them. */
  readonly passes: (observation: Observation) => boolean;
}

// What a part may keep in memory for the next one; a message takes far less.
const maxKeptBytes = 8 * 1024 * 1024;

/**
 * Keeps the items that are held for the end of a run. A part of a reading does not know its end: an approval may stand in the next part, and
 * so may the AI resource that decides what an account-wide event claims.
 */
export class HandedOn {
  readonly #isForEnd: (observation: Observation) => boolean;
  readonly #kept: { readonly item: RawItem; readonly forEnd: boolean }[] = [];
  #bytes = 0;

  /** `isForEnd` tells what a derivation must complete at the run's end from what only waits to know its account. */
  constructor(isForEnd: (observation: Observation) => boolean) {
    this.#isForEnd = isForEnd;
  }

  add(item: RawItem, observation: Observation): void {
    if (this.#bytes > maxKeptBytes) return;
    this.#bytes += item.text.length;
    this.#kept.push({ item, forEnd: this.#isForEnd(observation) });
  }

  /** All that was kept where it fits into `maxBytes`; else what needs the run's end; else nothing, and the part decides with what it knows. */
  pack(maxBytes: number): PackedItems {
    if (this.#kept.length === 0 || this.#bytes > maxKeptBytes) return { packed: null, passes: () => false };
    const everything = encode(this.#kept, maxBytes);
    if (everything !== null) return { packed: everything, passes: () => true };
    const forEnd = encode(
      this.#kept.filter((one) => one.forEnd),
      maxBytes,
    );
    return forEnd === null ? { packed: null, passes: () => false } : { packed: forEnd, passes: this.#isForEnd };
  }
}

/**
 * What is said where items could not be handed on: they are stored, and what they claim was decided without the rest of the reading. Not a gap of
 * the scope, as reading the window again would find them known.
 */
export function decidedEarlyGap(source: SourceId, items: number): Gap {
  return {
    reason: 'unsupported',
    extent: 'item',
    what: `${source} items held for the end of a reading`,
    message: gapMessage(
      `${items} items were too many for the message to the next part: what they claim was decided without what the next parts read.`,
      'look at what these records claim, and collect a shorter window',
    ),
    code: 'ITEMS_DECIDED_EARLY',
    detail: { items },
  };
}

const itemsSchema = z.array(
  z.object({
    source: z.enum(sourceIds),
    shape: z.string(),
    text: z.string(),
    channel: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('api'), requestId: z.string() }),
      z.object({ kind: z.literal('sample'), requestId: z.string() }),
    ]),
    context: z
      .object({ partition: z.string(), account: z.string(), region: z.string(), sweptAt: z.string() })
      .catchall(z.json() as z.ZodType<Json>),
  }),
);

/** The items of a message. Throws what zstd, JSON and zod throw for anything else. */
export function unpackItems(packed: string): readonly RawItem[] {
  const text = zstdDecompressSync(Buffer.from(packed, 'base64'), { maxOutputLength: 4 * maxKeptBytes }).toString('utf8');
  return itemsSchema.parse(JSON.parse(text));
}

function encode(kept: readonly { readonly item: RawItem }[], maxBytes: number): string | null {
  const distinct = [...new Set(kept.map(({ item }) => item))];
  const packed = zstdCompressSync(JSON.stringify(distinct)).toString('base64');
  return packed.length <= maxBytes ? packed : null;
}
