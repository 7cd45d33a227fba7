// SPDX-License-Identifier: Apache-2.0
import { setTimeout } from 'node:timers/promises';
import type { Gap } from '../../evidence/gap.ts';
import type { JsonObject } from '../../evidence/json.ts';
import type { ItemContext, RawItem } from '../../evidence/observation.ts';
import type { Connection, Scope } from '../source.ts';
import { gapOfFailure, readFailure } from '../source-error.ts';
import { sendForWire, type WireAnswer, type WireClient } from '../wire-body.ts';

/** LookupEvents takes two requests a second in an account and Region. */
const pauseMs = 500;

/** An answer, or the gap that stands in its place. */
export type Asked<Output> = { readonly answer: WireAnswer<Output> } | { readonly gap: Gap };

/** Asks one service for one scope, and makes items of what it answers. */
export class CloudTrailCalls {
  readonly scope: Scope;
  readonly #client: WireClient;
  readonly #channel: Connection['channel'];
  #lastPaced = Number.NEGATIVE_INFINITY;

  constructor(client: WireClient, channel: Connection['channel'], scope: Scope) {
    this.#client = client;
    this.#channel = channel;
    this.scope = scope;
  }

  /** Whether the answers are AWS's own and not the sample's. */
  get isLive(): boolean {
    return this.#channel === 'api';
  }

  /** Sends one command. Never throws for an answer of AWS, nor for none. `detail` says what the gap leaves out. */
  async ask<Output extends object>(action: string, command: object, detail: JsonObject = {}): Promise<Asked<Output>> {
    try {
      return { answer: await sendForWire<Output>(this.#client, command) };
    } catch (error) {
      const gap = gapOfFailure(action, readFailure(error));
      return { gap: { ...gap, detail: { ...gap.detail, ...detail } } };
    }
  }

  /** As `ask`, at the pace that LookupEvents bears. The sample account has no such limit. */
  async askPaced<Output extends object>(action: string, command: object): Promise<Asked<Output>> {
    const waitMs = this.#lastPaced + pauseMs - performance.now();
    if (this.isLive && waitMs > 0) await setTimeout(waitMs);
    this.#lastPaced = performance.now();
    return this.ask<Output>(action, command);
  }

  /** An item cut out of an answer. */
  item(shape: string, text: string, requestId: string, context: JsonObject): RawItem {
    const { partition, account, region, sweptAt } = this.scope;
    const whole: ItemContext = { partition, account, region, sweptAt, ...context };
    return { source: 'cloudtrail', shape, text, channel: { kind: this.#channel, requestId }, context: whole };
  }
}
