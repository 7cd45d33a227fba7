// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { type Gap, gapMessage, isStanding } from '../evidence/gap.ts';
import type { JsonObject } from '../evidence/json.ts';
import type { Channel, Observation, RawItem, SourceId } from '../evidence/observation.ts';
import { sealRecord } from '../evidence/seal-record.ts';
import type { HandedOn } from './handed-on.ts';
import type { HeldItems } from './held-items.ts';
import { nothingIn, type SealedObservation } from './item-pipeline.ts';
import { ObservationSealer, type SealingTools } from './observation-sealer.ts';
import { gapParts, planParts, type RunCounts, type RunEnd, type RunScope, receiptParts } from './own-record.ts';
import { type PackedRecords, packRecords } from './packed-records.ts';
import type { RecordWriter } from './record-writer.ts';
import { returningState } from './returning-state.ts';

/** What a run works with. */
export interface RunTools extends SealingTools {
  readonly writer: RecordWriter;
  readonly held: HeldItems;
  /** Where another invocation may continue the run: keeps what is held as it was read. */
  readonly handedOn?: HandedOn;
  readonly now: () => Date;
}

/** What a run of a source covers. */
export interface SourceScope extends RunScope {
  readonly source: SourceId;
}

/** What a finished run reports. */
export interface RunReport extends RunCounts {
  readonly id: string;
  readonly source: string;
  readonly account: string;
  readonly region: string;
  readonly since: string | null;
  readonly until: string | null;
}

/** One collection of one source over one scope: plan, items, gaps, receipt. */
export class SourceRun {
  readonly scope: SourceScope;
  readonly counts: RunCounts = { itemsRead: 0, recordsStored: 0, duplicates: 0, itemGaps: 0, scopeGaps: 0 };
  /** How many of the scope gaps pass by themselves. */
  passingGaps = 0;
  readonly #tools: RunTools;
  readonly #sealer: ObservationSealer;
  readonly #gapIds: string[] = [];
  #requests = 0;
  #lastRequest = '';

  constructor(scope: SourceScope, tools: RunTools) {
    this.scope = scope;
    this.#tools = tools;
    this.#sealer = new ObservationSealer(tools);
  }

  /** Answers of AWS that items were read from so far. */
  get calls(): number {
    return this.#requests;
  }

  /** Ids of the gaps met so far. */
  get gapIds(): readonly string[] {
    return this.#gapIds;
  }

  /** Seals the plan; durable once the writer is flushed, which happens before anything is read. `startedAt` is now unless it was planned for a time. */
  async plan(from: string, startedAt = this.#tools.now().toISOString()): Promise<void> {
    const { seal, writer } = this.#tools;
    await writer.addOwn(sealRecord(planParts(this.scope, startedAt, from), seal));
  }

  /** Interprets one item and takes what comes of it. */
  async takeItem(item: RawItem): Promise<void> {
    this.#countRequest(item.channel);
    const ready: SealedObservation[] = [];
    const results = this.#tools.pipeline.interpret(item);
    if (results.length === 0) await this.takeGap(emptyItem(item));
    for (const result of results) {
      if ('gap' in result) await this.takeGap(result.gap);
      else if (await this.#takeObservation(result.observation, item.channel, ready)) this.#tools.handedOn?.add(item, result.observation);
    }
    await this.#write(ready);
  }

  /** Takes records sealed elsewhere (another thread). */
  async takeSealed(records: PackedRecords): Promise<void> {
    for (const account of records.aiAccounts) this.#tools.accountsWithAi.add(account);
    await this.#tools.writer.add(records, this.counts);
  }

  async takeGap(gap: Gap): Promise<void> {
    if (gap.extent === 'item') {
      this.counts.itemsRead++;
      this.counts.itemGaps++;
    } else {
      this.counts.scopeGaps++;
      if (!isStanding(gap)) this.passingGaps++;
    }
    const sealed = sealRecord(gapParts(this.scope, gap, this.scope.window?.until ?? null), this.#tools.seal);
    this.#gapIds.push(sealed.id);
    await this.#tools.writer.addOwn(sealed);
  }

  /**
   * Takes what was held: derivations that look back over the run first, in order of time; then nothing is undecided any more. What `passes` to a
   * later run is let go. Gives how many were taken.
   */
  async takeHeld(passes: (observation: Observation) => boolean = () => false): Promise<number> {
    const waiting: { observation: Observation; channel: Channel }[] = [];
    let taken = 0;
    for await (const held of this.#tools.held.drain()) {
      if (passes(held.observation)) continue;
      taken++;
      if (this.#sealer.momentOf(held.observation) === 'run-end') waiting.push(held);
      else await this.#sealFinally(held.observation, held.channel);
    }
    waiting.sort((a, b) => ((a.observation.occurredAt ?? '') < (b.observation.occurredAt ?? '') ? -1 : 1));
    for (const { observation, channel } of waiting) await this.#sealFinally(await this.#sealer.derive(observation, 'run-end'), channel);
    return taken;
  }

  /** Seals the receipt; the caller flushes. */
  async finish(more: JsonObject, end: RunEnd = {}): Promise<RunReport> {
    const { seal, writer, now, sweptAt } = this.#tools;
    const requests = { count: this.#requests, last: this.#lastRequest };
    const detail = { ...more, requests, collector: seal.collector, readAs: seal.readAs, sweptAt };
    const parts = receiptParts(this.scope, now().toISOString(), this.counts, {
      gaps: this.#gapIds,
      passingGaps: this.passingGaps,
      detail,
      ...end,
    });
    await writer.addOwn(sealRecord(parts, seal));
    const { run, source, account, region, window } = this.scope;
    return { id: run, source, account, region, since: window?.since ?? null, until: window?.until ?? null, ...this.counts };
  }

  /** True where it is held for the run's end. */
  async #takeObservation(observation: Observation, channel: Channel, ready: SealedObservation[]): Promise<boolean> {
    const moment = this.#sealer.momentOf(observation);
    if (moment === 'run-end') {
      await this.#hold(observation, channel);
      return true;
    }
    // An in-order derivation may look back at what this very item yielded before.
    if (moment !== null) await this.#write(ready.splice(0));
    const derived = moment === null ? observation : await this.#sealer.derive(observation, moment);
    const sealed = this.#sealer.seal(derived, channel, false);
    if (sealed === null) await this.#hold(derived, channel);
    else if (derived.kind === 'state') await this.#takeState(derived, channel, sealed, ready);
    else ready.push(sealed);
    return sealed === null;
  }

  async #hold(observation: Observation, channel: Channel): Promise<void> {
    this.#sealer.learn(observation);
    await this.#tools.held.add({ observation, channel });
  }

  async #takeState(state: Observation, channel: Channel, sealed: SealedObservation, ready: SealedObservation[]): Promise<void> {
    const { history, writer } = this.#tools;
    await this.#write(ready.splice(0));
    const returned = await returningState(state, sealed.id, { history, isKnown: (id) => writer.isKnown(id) });
    if (returned === null) {
      this.counts.itemsRead++;
      this.counts.duplicates++;
    } else ready.push(returned === state ? sealed : (this.#sealer.seal(returned, channel, true) ?? sealed));
  }

  async #sealFinally(observation: Observation, channel: Channel): Promise<void> {
    const sealed = this.#sealer.seal(observation, channel, true);
    if (sealed === null) return;
    const ready: SealedObservation[] = [];
    if (observation.kind === 'state') await this.#takeState(observation, channel, sealed, ready);
    else ready.push(sealed);
    await this.#write(ready);
  }

  async #write(ready: readonly SealedObservation[]): Promise<void> {
    if (ready.length > 0) await this.#tools.writer.add(packRecords(this.scope.source, ready), this.counts);
  }

  #countRequest(channel: Channel): void {
    if ((channel.kind !== 'api' && channel.kind !== 'sample') || channel.requestId === this.#lastRequest) return;
    this.#requests++;
    this.#lastRequest = channel.requestId;
  }
}

function emptyItem(item: RawItem): Gap {
  const detail = { sha256: hash('sha256', item.text), bytes: Buffer.byteLength(item.text) };
  const message = gapMessage(`What was read is ${nothingIn(item)}.`, 'report it, with the version of this program');
  return { reason: 'unsupported', extent: 'item', what: `${item.source} ${item.shape}`, message, code: 'ITEM_EMPTY', detail };
}
