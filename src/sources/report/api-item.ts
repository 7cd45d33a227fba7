// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { RawItem, Reading } from '../../evidence/observation.ts';
import type { Connection, Scope } from '../source.ts';
import type { WireText } from './open-sagemaker.ts';

/** Who asks: the source, where, and by which channel. */
export interface Asker {
  readonly source: RawItem['source'];
  readonly scope: Scope;
  readonly channel: Connection['channel'];
}

/** One answer of AWS as an item, with what the context of every item holds. */
export function apiItem(asker: Asker, shape: string, answer: Pick<WireText, 'body' | 'requestId'>, context: JsonObject): Reading {
  const { partition, account, region, sweptAt } = asker.scope;
  return {
    item: {
      source: asker.source,
      shape,
      text: answer.body,
      channel: { kind: asker.channel, requestId: answer.requestId },
      context: { ...context, partition, account, region, sweptAt },
    },
  };
}
