// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type Gap, type GapReason, gapMessage } from '../../evidence/gap.ts';
import type { Json } from '../../evidence/json.ts';
import type { RawItem } from '../../evidence/observation.ts';
import { remedyOf } from '../gap-remedy.ts';
import type { Connection, Scope } from '../source.ts';
import { type AwsFailure, gapOfFailure, readFailure, reasonOf } from '../source-error.ts';
import { sendForWire, type WireAnswer, type WireClient, wireBodyOf } from '../wire-body.ts';

export type SecurityHubSdk = typeof import('@aws-sdk/client-securityhub');

/** A call that was answered, or why it was not. */
export type Asked<Output> = { readonly answer: WireAnswer<Output> } | { readonly failure: AwsFailure; readonly gap: Gap };

/** GetFindings may be called three times a second, most others ten: https://docs.aws.amazon.com/securityhub/1.0/APIReference/Welcome.html */
const findingsPauseMilliseconds = 340;

/** How Security Hub is called for one scope: one client per Region asked, the pace, the words of gaps and the context of items. */
export class HubCalls {
  readonly sdk: SecurityHubSdk;
  readonly scope: Scope;
  readonly #connection: Connection;
  readonly #clients = new Map<string, InstanceType<SecurityHubSdk['SecurityHubClient']>>();
  #lastFindingsCall = Number.NEGATIVE_INFINITY;

  constructor(sdk: SecurityHubSdk, connection: Connection, scope: Scope) {
    this.sdk = sdk;
    this.scope = scope;
    this.#connection = connection;
  }

  /** Asks once; the SDK retries what is throttled or broken. `action` is the IAM action without its prefix. */
  async ask<Output extends object>(action: string, command: object, region = this.scope.region): Promise<Asked<Output>> {
    try {
      return { answer: await sendForWire<Output>(this.#client(region), command) };
    } catch (error) {
      const failure = readFailure(error);
      return { failure, gap: this.#gap(`securityhub:${action}`, failure, wireBodyOf(error)) };
    }
  }

  /** As `ask`, at the pace that the findings operations bear. The sample account has no such limit. */
  async askForFindings<Output extends object>(action: string, command: object, region: string): Promise<Asked<Output>> {
    const waitMilliseconds = this.#lastFindingsCall + findingsPauseMilliseconds - performance.now();
    if (this.#connection.channel === 'api' && waitMilliseconds > 0) await pause(waitMilliseconds);
    this.#lastFindingsCall = performance.now();
    return this.ask<Output>(action, command, region);
  }

  /** One item as it came over the wire. */
  item(shape: 'asff' | 'ocsf' | 'state', text: string, requestId: string, context: Readonly<Record<string, Json>>): RawItem {
    const { partition, account, region, sweptAt } = this.scope;
    const channel = { kind: this.#connection.channel, requestId };
    return { source: 'securityhub', shape, text, channel, context: { partition, account, region, sweptAt, ...context } };
  }

  /** Frees the sockets. */
  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  #client(region: string): WireClient {
    const known = this.#clients.get(region);
    if (known !== undefined) return known;
    const client = new this.sdk.SecurityHubClient({ ...this.#connection.clientConfig, region });
    this.#clients.set(region, client);
    return client;
  }

  #gap(what: string, failure: AwsFailure, body: string): Gap {
    const reason = hubReason(failure);
    const gap = gapOfFailure(what, failure, reason);
    const detail = { ...gap.detail, ...(reason === 'malformed' && { sha256: hash('sha256', body) }) };
    const message = gapMessage(
      `${standingIn(reason, this.scope.region)} Security Hub said: ${failure.message}`,
      remedyFor(what, failure, reason),
    );
    return { ...gap, message, detail };
  }
}

/** Security Hub says off in two ways: InvalidAccessException for an account not subscribed, ResourceNotFoundException for no hub. */
function hubReason(failure: AwsFailure): GapReason {
  if (failure.code === 'InvalidAccessException') return /not authorized/i.test(failure.message) ? 'denied' : 'off';
  if (failure.code === 'ResourceNotFoundException') return 'off';
  // The SDK could not read the body of an answer.
  if (failure.code === 'SyntaxError') return 'malformed';
  return reasonOf(failure);
}

function standingIn(reason: GapReason, region: string): string {
  switch (reason) {
    case 'off':
      return `Not enabled in ${region}.`;
    case 'denied':
      return `Not allowed in ${region}.`;
    case 'throttled':
      return `Throttled in ${region} after the SDK's retries.`;
    case 'malformed':
      return `The answer from ${region} is no JSON.`;
    default:
      return `No answer from ${region}.`;
  }
}

function remedyFor(what: string, failure: AwsFailure, reason: GapReason): string {
  return reason === 'off' ? 'enable it there, or leave the Region out of the collection' : remedyOf(what, failure, reason);
}
