// SPDX-License-Identifier: Apache-2.0
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HeldItems, type HeldObservation } from '../../../src/collect/held-items.ts';
import { openFileSpill } from '../../../src/runtime/file-spill.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'aims-held-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function held(n: number, characters: number): HeldObservation {
  const detail = { n, text: 'ü'.repeat(characters) };
  const observation = {
    source: 'cloudtrail',
    kind: 'activity',
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    sourceIdentity: `id-${n}`,
    versionKey: [],
    findingKey: null,
    occurredAt: null,
    observedAt: null,
    title: '',
    severity: null,
    resources: [],
    detail,
    text: JSON.stringify(detail),
    facts: {},
  } as const;
  return { observation, channel: { kind: 'api', requestId: 'r-1' } };
}

async function drained(items: HeldItems): Promise<HeldObservation[]> {
  const all: HeldObservation[] = [];
  for await (const one of items.drain()) all.push(one);
  return all;
}

describe('held observations', () => {
  const scratch = () => join(directory, 'scratch');

  it('stay in memory while they are few', async () => {
    const items = new HeldItems(() => openFileSpill(scratch()));
    for (let n = 0; n < 10; n++) await items.add(held(n, 100));
    expect(existsSync(scratch())).toBe(false);
    expect((await drained(items)).map(({ observation }) => observation.sourceIdentity)).toEqual(
      Array.from({ length: 10 }, (_, n) => `id-${n}`),
    );
    expect(await drained(items)).toEqual([]);
  });

  it('go to a file that only their owner may read when they are many, come back whole and in order, and leave nothing', async () => {
    const items = new HeldItems(() => openFileSpill(scratch()));
    // Forty times 600,000 characters: three times what is kept in memory, so the file is written to more than once.
    const all = Array.from({ length: 40 }, (_, n) => held(n, 600_000));
    for (const one of all) await items.add(one);
    const [file] = readdirSync(scratch());
    expect(statSync(join(scratch(), file ?? '')).size).toBeGreaterThan(16 * 1024 * 1024);
    expect(statSync(join(scratch(), file ?? '')).mode & 0o777).toBe(0o600);
    const back = await drained(items);
    expect(back.map(({ observation }) => observation.sourceIdentity)).toEqual(all.map(({ observation }) => observation.sourceIdentity));
    expect(back[7]).toEqual(all[7]);
    expect(readdirSync(scratch())).toEqual([]);
  });

  it('nested deeper than can be written come back from their text', async () => {
    const items = new HeldItems(() => openFileSpill(scratch()));
    const text = `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    const first = held(1, 10);
    const deep = { ...first, observation: { ...first.observation, text, detail: JSON.parse(text) } };
    for (const one of [first, deep, held(2, 9_000_000)]) await items.add(one);
    expect(readdirSync(scratch())).toHaveLength(1);
    const [before, back] = await drained(items);
    expect(before).toEqual(first);
    expect(back?.observation.text).toBe(text);
    // Compared by what a scan of it can say: a walk would not come to its end.
    expect(Array.isArray(back?.observation.detail['a'])).toBe(true);
  });
});
