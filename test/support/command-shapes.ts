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
  home: z.string().min(1),
  verifierKeys: z.array(z.string().min(1)).min(1),
  checked: z.record(z.string(), z.unknown()),
  problems: z.array(z.looseObject({ item: z.string().min(1), reason: z.string().min(1) })),
  limits: z.array(z.string().min(1)),
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

export const rebuildShape = z.looseObject({
  home: z.string().min(1),
  segments: count,
  records: count,
  damaged: z.array(z.looseObject({ key: z.string() })),
});

const place = { source: z.string().min(1), account: z.string(), region: z.string() };
const seconds = z.number().min(0);

export const statusShape = z.looseObject({
  home: z.string().min(1),
  kind: z.enum(['real', 'sample']),
  at: instant,
  sources: z.array(
    z.looseObject({
      ...place,
      schedule: z.string().nullable(),
      lastRun: z
        .looseObject({ run: z.string(), finishedAt: instant, complete: z.boolean(), since: instant.nullable(), until: instant.nullable() })
        .nullable(),
      readUntil: instant.nullable(),
      seenUntil: instant.nullable(),
      lagSeconds: seconds.nullable(),
      late: z.boolean().nullable(),
    }),
  ),
  runsSince: instant.nullable(),
  waitingRuns: z.array(z.looseObject({ ...place, run: z.string().min(1), plannedAt: instant, ageSeconds: seconds })),
  gaps: z.looseObject({ open: count, by: z.array(z.looseObject({ source: z.string(), reason: z.string(), open: count })) }),
  queues: z
    .array(
      z.looseObject({
        source: z.string().min(1),
        of: z.enum(['runs', 'events', 'notices', 'failures']),
        waiting: count.nullable(),
        inFlight: count.nullable(),
        deadLetters: count.nullable(),
        problem: z.string().nullable(),
      }),
    )
    .nullable(),
  ledger: z.looseObject({
    checkpoint: z.looseObject({ size: count, at: instant.nullable(), ageSeconds: seconds.nullable() }).nullable(),
    unsignedLeaves: count,
    unsealed: z.looseObject({ segments: count, since: z.iso.date().nullable(), more: z.boolean() }),
  }),
  attention: z.array(z.string().min(1)),
});

const grants = z.array(z.looseObject({ actions: z.array(z.string()), on: z.json(), why: z.string().min(1) }));
const amount = z.number().min(0);

export const planShape = z
  .looseObject({
    configuration: z.string().nullable(),
    accounts: z.looseObject({ from: z.string().min(1), count, note: z.string().nullable() }),
    regions: z.array(z.string()),
    collects: z.array(
      z.looseObject({
        source: z.string(),
        title: z.string(),
        schedule: z.string(),
        runsPerDay: amount,
        overlapHours: amount,
        events: count,
      }),
    ),
    keeps: z.looseObject({
      lockMode: z.enum(['GOVERNANCE', 'COMPLIANCE', 'NONE']),
      retentionDays: count,
      firstWritten: z.iso.date(),
      deletableFrom: z.iso.date(),
    }),
    roles: z.array(z.looseObject({ name: z.string(), purpose: z.string().min(1), grants, denies: z.array(z.string()).min(1) })),
    memberRole: z.looseObject({ name: z.string(), grants }).nullable(),
    missing: z.array(z.looseObject({ setting: z.string(), consequence: z.string().min(1), gaps: z.boolean() })),
    assumptions: z.record(z.string(), z.looseObject({ value: amount, unit: z.string(), why: z.string().min(1) })),
    work: z.looseObject({ runs: count, newRecords: count, segments: count, recordsOf: z.record(z.string(), amount) }),
    costs: z.array(
      z.looseObject({
        service: z.string(),
        what: z.string(),
        price: z.string(),
        quantity: amount,
        dollars: amount,
        because: z.string().min(1),
      }),
    ),
    total: amount,
    recordCosts: z.array(z.looseObject({ what: z.string(), thousand: amount, million: amount })),
    prices: z.looseObject({
      region: z.string(),
      month: z.string().regex(/^\d{4}-\d{2}$/),
      currency: z.literal('USD'),
      of: z.record(z.string(), z.looseObject({ dollars: amount, per: z.int().min(1), unit: z.string(), page: z.url() })),
    }),
  })
  .refine(({ costs, prices }) => costs.every(({ price }) => price in prices.of), 'every line names a price');
