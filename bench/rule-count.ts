// SPDX-License-Identifier: Apache-2.0
import { loadPack } from '../src/catalog/pack-file.ts';
import type { JsonObject } from '../src/evidence/json.ts';
import type { ItemContext, Observation } from '../src/evidence/observation.ts';
import { noDeclarations } from '../src/evidence/scope-file.ts';
import { createMapper } from '../src/mapping/mapper.ts';
import type { Pack, Rule } from '../src/mapping/pack.ts';
import { createCloudTrail } from '../src/sources/cloudtrail.ts';
import type { RecordBytes } from './record-bytes.ts';

const context: ItemContext = { partition: 'aws', account: '', region: '', sweptAt: '2026-11-21T00:00:00Z' };

/** Milliseconds to map so many of the records with so many CloudTrail rules: those of the pack first, the rest for calls that nobody makes. */
export function mapWithRules(records: RecordBytes, count: number, ruleCount: number): number {
  const observations = Array.from({ length: count }, (_, i) => records.text(i)).flatMap(observe);
  const mapper = createMapper(packOf(ruleCount), noDeclarations);
  const accounts = new Set(['111122223333']);
  const run = () => {
    let claims = 0;
    for (const observation of observations) claims += mapper.map(observation, accounts).claims.length;
    if (claims === 0) throw new Error('no rule matched anything');
  };
  run();
  const started = performance.now();
  run();
  return performance.now() - started;
}

function observe(text: string): Observation[] {
  const source = createCloudTrail({ tables: {}, declarations: noDeclarations });
  const channel = { kind: 'file', sha256: '0'.repeat(64), path: 'bench.json' } as const;
  const detail: JsonObject = JSON.parse(text);
  const results = source.interpret({ source: 'cloudtrail', shape: 'event', text, channel, context }, detail);
  return results.flatMap((result) => ('observation' in result ? [result.observation] : []));
}

function packOf(ruleCount: number): Pack {
  const pack = loadPack();
  const real = pack.rules.filter((rule) => rule.source === 'cloudtrail').slice(0, 500);
  const [model] = real;
  if (model === undefined) throw new Error('the pack has no CloudTrail rule');
  const extra: Rule[] = Array.from({ length: ruleCount - real.length }, (_, i) => ({
    ...model,
    id: `cloudtrail.bench.${i}`,
    pattern: { source: ['cloudtrail'], detail: { eventSource: [`service${i % 300}.amazonaws.com`], eventName: [`NeverCalled${i}`] } },
  }));
  return { ...pack, rules: [...real, ...extra] };
}
