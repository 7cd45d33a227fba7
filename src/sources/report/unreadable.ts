// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Gap } from '../../evidence/gap.ts';
import { stringAt } from '../../evidence/json.ts';
import type { RawItem } from '../../evidence/observation.ts';

/** The gap of an item that lacks what would identify it; its bytes stay provable by their hash. */
export function unreadable(item: RawItem, thing: string, missing: string): { readonly gap: Gap } {
  const where = stringAt(item.context, 'path') ?? item.shape;
  return {
    gap: {
      reason: 'malformed',
      extent: 'item',
      what: `${item.source} ${where}`,
      message: `This is no ${thing}: it lacks ${missing}.`,
      code: 'REPORT_MALFORMED',
      detail: { sha256: hash('sha256', item.text), bytes: Buffer.byteLength(item.text) },
    },
  };
}
