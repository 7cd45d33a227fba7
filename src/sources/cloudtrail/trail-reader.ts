// SPDX-License-Identifier: Apache-2.0
import type { DescribeTrailsCommandOutput, GetTrailStatusCommandOutput } from '@aws-sdk/client-cloudtrail';
import { at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import { sliceElements } from '../../evidence/json-slices.ts';
import type { RawItem, Reading } from '../../evidence/observation.ts';
import { aiTypesSelected } from './ai-data-events.ts';
import type { CloudTrailCalls } from './cloudtrail-calls.ts';

/** As long as a full sweep: who uses a type at all makes a management event of it in that time, as a rule. */
const longWindowMs = 25 * 86_400_000;

type Sdk = typeof import('@aws-sdk/client-cloudtrail');

/** Trails of the Region, their status, and their selectors. */
export class TrailReader {
  readonly all: JsonObject[] = [];
  readonly #sdk: Sdk;
  readonly #calls: CloudTrailCalls;
  readonly #selectors: { readonly text: string; readonly requestId: string; readonly trail: JsonObject }[] = [];
  readonly #selected = new Set<string>();

  constructor(sdk: Sdk, calls: CloudTrailCalls) {
    this.#sdk = sdk;
    this.#calls = calls;
  }

  /** Whether Insights may be on: a trail of another home Region is not listed here, so no trail at all is no proof of none. */
  get mayHaveInsights(): boolean {
    return this.all.length === 0 || this.all.some((trail) => at(trail, 'HasInsightSelectors') === true);
  }

  async *read(): AsyncGenerator<Reading> {
    // Shadow trails of other Regions would count one trail many times.
    const command = new this.#sdk.DescribeTrailsCommand({ includeShadowTrails: false });
    const asked = await this.#calls.ask<DescribeTrailsCommandOutput>('cloudtrail:DescribeTrails', command);
    if ('gap' in asked) {
      yield asked;
      return;
    }
    for (const text of sliceElements(asked.answer.body, 'trailList')) {
      const trail: Json = JSON.parse(text);
      if (!isJsonObject(trail)) continue;
      this.all.push(trail);
      yield { item: this.#calls.item('state', text, asked.answer.requestId, { operation: 'DescribeTrails' }) };
      yield* this.#readTrail(trail);
    }
  }

  /** The selectors read before, each with the types in use and those that any active trail selects. */
  *selectors(aiTypesInUse: readonly string[]): Generator<Reading> {
    const { since, until } = this.#calls.scope.window;
    // A day shows few of the types in use: only a long window says all, what a short one shows is added to what was known.
    const aiTypesSeenIn = Date.parse(until) - Date.parse(since) >= longWindowMs ? 'long' : 'short';
    const joined = { operation: 'GetEventSelectors', aiTypesInUse, aiTypesSeenIn, aiTypesSelected: [...this.#selected].sort() };
    for (const { text, requestId, trail } of this.#selectors) {
      const item: RawItem = this.#calls.item('state', text, requestId, { ...joined, trail });
      yield { item };
    }
  }

  async *#readTrail(trail: JsonObject): AsyncGenerator<Reading> {
    // The full ARN: by name, a member account cannot ask for its organisation's trail.
    const arn = stringAt(trail, 'TrailARN') ?? stringAt(trail, 'Name') ?? '';
    const about = { trail: { TrailARN: arn, LogFileValidationEnabled: at(trail, 'LogFileValidationEnabled') } };
    const status = await this.#calls.ask<GetTrailStatusCommandOutput>(
      'cloudtrail:GetTrailStatus',
      new this.#sdk.GetTrailStatusCommand({ Name: arn }),
      { trail: arn },
    );
    if ('gap' in status) yield status;
    else yield { item: this.#calls.item('state', status.answer.body, status.answer.requestId, { operation: 'GetTrailStatus', ...about }) };
    const selectors = await this.#calls.ask('cloudtrail:GetEventSelectors', new this.#sdk.GetEventSelectorsCommand({ TrailName: arn }), {
      trail: arn,
    });
    if ('gap' in selectors) {
      yield selectors;
      return;
    }
    const { body, requestId } = selectors.answer;
    this.#selectors.push({ text: body, requestId, ...about });
    if (!('answer' in status) || status.answer.output.IsLogging !== true) return;
    for (const type of aiTypesSelected(JSON.parse(body))) this.#selected.add(type);
  }
}
