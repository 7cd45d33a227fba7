// SPDX-License-Identifier: Apache-2.0
import * as z from 'zod';

/*
 * What `aims … --json` prints, as scripts of others rely on it. More members are welcome, fewer or other ones are a break: so these schemas
 * name what must be there and let the rest pass.
 */
const count = z.int().min(0);
const hex64 = z.string().regex(/^[0-9a-f]{64}$/);
const instant = z.iso.datetime();
const strength = z.enum(['direct', 'partial', 'context']);
const polarity = z.enum(['supports', 'exception', 'review', 'gap', 'occurrence', 'context']);
const claim = z.looseObject({ control: z.string(), strength, polarity });
const unrecognised = z.array(z.looseObject({ path: z.string().min(1), reason: z.string().min(1) }));

const run = z
  .looseObject({
    id: z.string().min(1),
    source: z.string().min(1),
    itemsRead: count,
    recordsStored: count,
    duplicates: count,
    itemGaps: count,
    scopeGaps: count,
  })
  .refine(
    (one) => one.itemsRead === one.recordsStored + one.duplicates + one.itemGaps,
    'itemsRead = recordsStored + duplicates + itemGaps',
  );

export const collectShape = z.looseObject({ home: z.string().min(1), runs: z.array(run), unrecognised });

export const catalogShape = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.enum(['clause', 'control']),
      title: z.string().min(1),
      automation: z.enum(['high', 'some', 'assist', 'none']),
    }),
  ),
});

export const verifyShape = z.looseObject({
  ok: z.boolean(),
  checked: z.record(z.string(), z.unknown()),
  problems: z.array(z.looseObject({ item: z.string().min(1), reason: z.string().min(1) })),
});

export const explainShape = z.looseObject({
  observations: z.array(
    z.looseObject({
      source: z.string(),
      matches: z.array(z.looseObject({ rule: z.string(), controls: z.array(claim), why: z.string().min(1) })),
    }),
  ),
});

const entry = z.looseObject({
  id: hex64,
  kind: z.string(),
  source: z.string(),
  occurredAt: instant.nullable(),
  collectedAt: instant,
  controls: z.array(claim),
  run: z.string(),
  title: z.string(),
});

export const evidenceShape = z.looseObject({ records: z.array(entry), cursor: z.string().nullable() });

export const showShape = z.looseObject({
  record: z.looseObject({
    core: z.looseObject({ id: hex64, kind: z.string(), source: z.string(), run: z.string(), controls: z.array(claim) }),
    raw: z.looseObject({
      detail: z.json(),
      facts: z.record(z.string(), z.json()),
      redactions: z.array(z.looseObject({ path: z.string() })),
    }),
    subjects: z.looseObject({}),
  }),
  mapping: z.array(claim.extend({ why: z.string().min(1) })),
  segment: z.string(),
  line: count,
  proof: z.looseObject({}).nullable(),
  proofHolds: z.boolean(),
});

export const controlsShape = z.looseObject({
  items: z.array(
    z.looseObject({ id: z.string(), kind: z.enum(['clause', 'control']), findings: z.looseObject({}), gaps: z.array(z.looseObject({})) }),
  ),
  sections: z.array(z.looseObject({ id: z.string(), items: count })),
  gaps: z.array(z.looseObject({})),
});

export const runsShape = z.looseObject({ runs: z.array(entry), unfinished: z.array(entry) });

export const receiptShape = z.looseObject({ id: hex64, run: z.string(), source: z.string(), counts: z.looseObject({ itemsRead: count }) });

export const gapsShape = z.looseObject({
  open: z.array(z.looseObject({ id: hex64, source: z.string(), reason: z.string(), what: z.string(), message: z.string() })),
  all: z.array(entry).optional(),
});

export const checkpointShape = z.looseObject({ size: count, checkpoint: z.string().min(1), verifierKey: z.string().min(1) });

export const rebuildShape = z.looseObject({ segments: count, records: count, damaged: z.array(z.looseObject({ key: z.string() })) });
