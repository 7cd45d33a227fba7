// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';
import { polarities, strengths } from '../evidence/claim.ts';
import { gapReasons } from '../evidence/gap.ts';
import { damagedTable, type Item, integerIn, itemOf, optionalTextIn, textIn } from './dynamodb-item.ts';
import { type IndexKeys, shortHash } from './dynamodb-keys.ts';
import type { IndexEntry } from './evidence-index.ts';
import { type Projection, projectEntry } from './project-segment.ts';

/** Text that stands in the item itself; a longer one lies in pieces beside it. A transaction takes 4 MB and 100 items, so any 100 fit. */
const mostInline = 16 * 1024;
/** An item takes 400 KB with its names: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html, read 2026-11. */
const pieceBytes = 350_000;

/** Text that belongs into an item: itself, or pieces of their own and their number. */
export interface Kept {
  readonly inline: string | undefined;
  readonly pieces: number | undefined;
  /** Items to be written before the one that names them. */
  readonly items: readonly Item[];
}

/** Keeps a text of one copy of a record: `what` it is tells its pieces from others. */
export function keep(keys: IndexKeys, entry: IndexEntry, what: string, text: string): Kept {
  if (text.length <= mostInline && Buffer.byteLength(text) <= mostInline) return { inline: text, pieces: undefined, items: [] };
  const bytes = Buffer.from(text);
  const copy = copyOf(entry, what);
  const items = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, n) =>
    itemOf(keys.more(entry.id, copy, n), { b: bytes.subarray(n * pieceBytes, (n + 1) * pieceBytes) }),
  );
  return { inline: undefined, pieces: items.length, items };
}

/** Names the pieces of one copy, so that two copies of one id never share any. */
export function copyOf({ segment, line }: Pick<IndexEntry, 'segment' | 'line'>, what: string): string {
  return `${shortHash(`${segment} ${line}`)}/${what}`;
}

/** What `keep` calls the text of an entry. */
export const bodyOfRecord = 'entry';

/** The item of a record, and the pieces of its text where it is large. */
export function recordItem(keys: IndexKeys, projection: Projection): { readonly item: Item; readonly pieces: readonly Item[] } {
  const { entry } = projection;
  const { inline, pieces, items } = keep(keys, entry, bodyOfRecord, bodyText(projection));
  return { item: itemOf(keys.record(entry.id), { s: entry.segment, l: entry.line, b: inline, m: pieces }), pieces: items };
}

/** Where the text of a record's item is: in it, or in so many pieces. */
export function bodyPlace(item: Item): { readonly text: string } | { readonly pieces: number } {
  const text = optionalTextIn(item, 'b');
  return text === null ? { pieces: integerIn(item, 'm') } : { text };
}

// In the order of this tuple. Names would be a third of the item: 1 KB is one unit of writing.
const body = z.tuple([
  z.string(), // kind
  z.string(), // source
  z.string(), // account
  z.string(), // region
  z.string().nullable(), // occurredAt
  z.string(), // collectedAt
  z.string().nullable(), // severity
  z.string(), // title
  z.array(z.string()), // aiSystems
  z.array(z.tuple([z.string(), z.string()])), // resources: arn, type
  z.array(z.tuple([z.string(), z.string(), z.enum(strengths), z.enum(polarities)])), // controls: control, rule, …
  z.string(), // run
  z.string().nullable(), // findingKey
  z.boolean(), // touchesAi
  z
    .discriminatedUnion('about', [
      z.object({
        about: z.literal('gap'),
        reason: z.enum(gapReasons),
        extent: z.enum(['item', 'scope']),
        what: z.string(),
        message: z.string(),
      }),
      z.object({
        about: z.enum(['plan', 'receipt']),
        from: z.string().nullable(),
        since: z.string().nullable(),
        until: z.string().nullable(),
        gaps: z.array(z.string()),
      }),
    ])
    .nullable(), // note
]);

function bodyText({ entry, touchesAi, note }: Projection): string {
  const values: z.infer<typeof body> = [
    entry.kind,
    entry.source,
    entry.account,
    entry.region,
    entry.occurredAt,
    entry.collectedAt,
    entry.severity,
    entry.title,
    [...entry.aiSystems],
    entry.resources.map(({ arn, type }) => [arn, type]),
    entry.controls.map(({ control, rule, strength, polarity }) => [control, rule, strength, polarity]),
    entry.run,
    entry.findingKey,
    touchesAi,
    note === null || note.about === 'gap' ? note : { ...note, gaps: [...note.gaps] },
  ];
  return JSON.stringify(values);
}

/** What was projected when the item was written, but for the facts. Throws INDEX_DAMAGED. */
export function projectionIn(item: Item, text: string): Projection {
  const id = textIn(item, 'sk');
  const [kind, source, account, region, occurredAt, collectedAt, severity, title, aiSystems, resources, controls, ...rest] = bodyIn(
    id,
    text,
  );
  const [run, findingKey, touchesAi, note] = rest;
  const entry: IndexEntry = {
    id,
    kind,
    source,
    account,
    region,
    occurredAt,
    collectedAt,
    severity,
    title,
    aiSystems,
    resources: resources.map(([arn, type]) => ({ arn, type })),
    controls: controls.map(([control, rule, strength, polarity]) => ({ control, rule, strength, polarity })),
    run,
    findingKey,
    segment: textIn(item, 's'),
    line: integerIn(item, 'l'),
  };
  return projectEntry(entry, { touchesAi, facts: null, note });
}

function bodyIn(id: string, text: string): z.infer<typeof body> {
  try {
    return body.parse(JSON.parse(text));
  } catch (cause) {
    throw damagedTable(`the entry of record ${id} cannot be read`, cause);
  }
}
