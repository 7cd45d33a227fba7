// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import type { Json } from '../../evidence/json.ts';
import type { Facts, RawItem, Resource } from '../../evidence/observation.ts';
import type { Connection, Scope } from '../source.ts';
import { type AwsFailure, gapOfFailure, readFailure } from '../source-error.ts';
import { sendForWire, type WireAnswer, type WireClient, wireBodyOf } from '../wire-body.ts';
import { isMacieOff } from './interpret-state.ts';

/** The SDK's commands, loaded when Macie is read and not before. */
export type MacieSdk = typeof import('@aws-sdk/client-macie2');

/** Items of a page. The model has no maximum; 50 is what the console asks for and what GetFindings takes. */
export const pageSize = 50;

/** An answer, or the gap that stands in its place and the failure behind it. */
type Asked<Output> = { readonly answer: WireAnswer<Output> } | { readonly gap: Gap; readonly failure: AwsFailure };

/** What of other answers is kept with a state item, so that its facts need no second look. */
interface Joined {
  readonly facts: Facts;
  readonly resources: readonly Resource[];
}

/** Asks Macie in one account and Region, and makes items of what it answers. */
export class MacieCalls {
  readonly #client: WireClient;
  readonly #channel: Connection['channel'];
  readonly #scope: Scope;

  constructor(client: WireClient, channel: Connection['channel'], scope: Scope) {
    this.#client = client;
    this.#channel = channel;
    this.#scope = scope;
  }

  /** Sends one command. Never throws for an answer of AWS, nor for none. */
  async ask<Output extends object>(operation: string, command: object): Promise<Asked<Output>> {
    try {
      return { answer: await sendForWire<Output>(this.#client, command) };
    } catch (error) {
      const failure = readFailure(error);
      return { failure, gap: this.#gapOf(`macie2:${operation}`, failure, wireBodyOf(error)) };
    }
  }

  /** Every page of a list, in order. A page that fails is yielded as its gap and ends the list. */
  async *pages<Output extends { readonly nextToken?: string | undefined }>(
    operation: string,
    command: (nextToken: string | undefined) => object,
  ): AsyncGenerator<Asked<Output>> {
    let token: string | undefined;
    do {
      const asked = await this.ask<Output>(operation, command(token));
      yield asked;
      const next = 'answer' in asked ? asked.answer.output.nextToken : undefined;
      if (next !== undefined && next !== '' && next === token) {
        yield this.#endless(operation);
        return;
      }
      token = next;
    } while (token);
  }

  finding(text: string, requestId: string): RawItem {
    return { ...this.#item(text, requestId), shape: 'finding', context: this.#context() };
  }

  state(operation: string, text: string, requestId: string, joined?: Joined): RawItem {
    const extra: Record<string, Json> = { operation };
    if (joined !== undefined) {
      extra['joined'] = joined.facts;
      extra['joinedBuckets'] = joined.resources.map(({ arn, type, tags = {} }) => ({ arn, type, tags }));
    }
    return { ...this.#item(text, requestId), shape: 'state', context: { ...this.#context(), ...extra } };
  }

  #item(text: string, requestId: string): Pick<RawItem, 'source' | 'text' | 'channel'> {
    return { source: 'macie', text, channel: { kind: this.#channel, requestId } };
  }

  #context(): RawItem['context'] {
    const { partition, account, region, sweptAt } = this.#scope;
    return { partition, account, region, sweptAt };
  }

  // A list that hands out the token it was asked with would be read for ever.
  #endless(operation: string): Asked<never> {
    const message = 'Macie gave the same page token twice, so the rest of this list was not read';
    const failure = { code: 'RepeatedNextToken', message, status: null, requestId: null };
    return { failure, gap: gapOfFailure(`macie2:${operation}`, failure, 'malformed') };
  }

  #gapOf(what: string, failure: AwsFailure, body: string): Gap {
    if (isMacieOff(failure.message)) {
      const gap = gapOfFailure(what, failure, 'off');
      const message = gapMessage(
        `Macie is not enabled in account ${this.#scope.account}, Region ${this.#scope.region}.`,
        'turn it on there, or show how sensitive data is found otherwise',
      );
      return { ...gap, message, detail: { ...gap.detail, awsMessage: failure.message } };
    }
    // The SDK could not read an answer that AWS gave as a success.
    if (failure.status !== null && failure.status < 300) {
      const gap = gapOfFailure(what, failure, 'malformed');
      return { ...gap, detail: { ...gap.detail, bytes: Buffer.byteLength(body), sha256: hash('sha256', body) } };
    }
    return gapOfFailure(what, failure);
  }
}
