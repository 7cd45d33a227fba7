// SPDX-License-Identifier: Apache-2.0
import { type Claim, polarities, strengths } from '../evidence/claim.ts';
import { dayOf, startOfDay } from './day.ts';
import { damagedTable, type Item, integerIn } from './dynamodb-item.ts';
import { accountGroups, controlGroups, type IndexKeys, shardOf, timeText } from './dynamodb-keys.ts';
import type { Write } from './dynamodb-write.ts';
import type { Projection } from './project-segment.ts';

/** What of a claim is counted: its control, strength and polarity. */
export type CountedClaim = Pick<Claim, 'control' | 'strength' | 'polarity'>;

/** Where counters of one kind lie in a part: `claim`, `day` (with the day after the group), `source` and `ai`. */
export const counterKinds = { claim: 'claim', day: 'day', source: 'source', ai: 'ai' } as const;

/** The item of a control's counters of a day, or of all days. Those of a day sort by day within the group. */
export function claimCounter(group: number, day: number | null): string {
  return day === null ? `${counterKinds.claim}/${group}` : `${counterKinds.day}/${group}/${timeText(startOfDay(day))}`;
}

/** The group of counters that a control belongs to. */
export function groupOf(control: string): number {
  return shardOf(control, controlGroups);
}

// Names of counters are attribute names, and attribute names are paid for: one letter for each word of the claim.
const letter = { observations: 'o', findings: 'f' } as const;

function nameOf({ control, strength, polarity }: CountedClaim, what: keyof typeof letter): string {
  return `${control} ${strengths.indexOf(strength)}${polarities.indexOf(polarity)}${letter[what]}`;
}

/** Gathers what one part of a segment adds to and takes from the counts. */
export class Tally {
  private readonly counters = new Map<string, Map<string, number>>();

  /** Counts a record (1) or takes it back (-1). What stays newest for a time is counted as a finding by its series. */
  record({ entry, at, counted, isLasting, touchesAi }: Projection, sign: 1 | -1): void {
    this.change(counterKinds.source, `${entry.source} ${entry.kind}`, sign);
    if (touchesAi) this.change(`${counterKinds.ai}/${shardOf(entry.account, accountGroups)}`, `=${entry.account}`, sign);
    for (const claim of counted) {
      this.claim(claim, dayOf(at), 'observations', sign);
      if (!isLasting) this.claim(claim, dayOf(at), 'findings', sign);
    }
  }

  /** Counts the newest state of a finding, or takes it back. */
  newest(claims: readonly CountedClaim[], at: number, sign: 1 | -1): void {
    for (const claim of claims) this.claim(claim, dayOf(at), 'findings', sign);
  }

  private claim(claim: CountedClaim, day: number, what: keyof typeof letter, sign: 1 | -1): void {
    const [group, name] = [groupOf(claim.control), nameOf(claim, what)];
    this.change(claimCounter(group, null), name, sign);
    this.change(claimCounter(group, day), name, sign);
  }

  private change(counter: string, name: string, amount: number): void {
    const amounts = this.counters.get(counter) ?? new Map<string, number>();
    amounts.set(name, (amounts.get(name) ?? 0) + amount);
    this.counters.set(counter, amounts);
  }

  /** One write per item that changes. Any part of the counters may take them: what is read is their sum. */
  writes(keys: IndexKeys, shard: number): readonly Extract<Write, { readonly add: unknown }>[] {
    const pk = keys.counts(shard);
    return [...this.counters]
      .map(([sk, amounts]) => ({ add: { pk, sk }, amounts: new Map([...amounts].filter(([, amount]) => amount !== 0)) }))
      .filter(({ amounts }) => amounts.size > 0);
  }
}

/** A claim that is counted, and how often. */
export interface ClaimSums extends CountedClaim {
  observations: number;
  findings: number;
}

/** The counters of one item, by their names. */
function countersIn(item: Item): readonly (readonly [string, number])[] {
  return Object.keys(item)
    .filter((name) => name !== 'pk' && name !== 'sk')
    .map((name) => [name, integerIn(item, name)] as const);
}

/** Adds up the claim counters of the parts. Those that are nothing stay out. */
export function claimSums(items: readonly Item[]): readonly ClaimSums[] {
  const sums = new Map<string, ClaimSums>();
  for (const [name, amount] of items.flatMap(countersIn)) {
    const [claim, what] = claimNamed(name);
    const key = name.slice(0, -1);
    const sum = sums.get(key) ?? { ...claim, observations: 0, findings: 0 };
    sum[what] += amount;
    sums.set(key, sum);
  }
  return [...sums.values()].filter(({ observations, findings }) => observations > 0 || findings > 0);
}

/** Adds up counters of the same name. Those that are nothing stay out. */
export function sumsByName(items: readonly Item[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [name, amount] of items.flatMap(countersIn)) sums.set(name, (sums.get(name) ?? 0) + amount);
  return new Map([...sums].filter(([, sum]) => sum > 0));
}

function claimNamed(name: string): readonly [CountedClaim, keyof typeof letter] {
  const [, control, s, p, what] = /^(.*) (\d)(\d)([of])$/s.exec(name) ?? [];
  const [strength, polarity] = [strengths[Number(s)], polarities[Number(p)]];
  if (control === undefined || strength === undefined || polarity === undefined) throw damagedTable(`there is a counter named ${name}`);
  return [{ control, strength, polarity }, what === letter.findings ? 'findings' : 'observations'];
}
