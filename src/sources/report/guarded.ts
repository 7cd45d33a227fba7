// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { CanonicalJsonError } from '../../evidence/canonical-json.ts';
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { stringAt } from '../../evidence/json.ts';
import type { Interpretation, RawItem } from '../../evidence/observation.ts';

/** Interprets a report; one nested deeper than can be written, or of a shape that nobody knows, is a gap with the hash of its text. */
export function guarded(item: RawItem, interpret: () => readonly Interpretation[] | null): readonly Interpretation[] {
  try {
    return interpret() ?? [{ gap: gapOf(item, 'unsupported', unknownShape(item)) }];
  } catch (error) {
    // RangeError: the call stack ends before the nesting does.
    if (error instanceof CanonicalJsonError || (Error.isError(error) && error.name === 'RangeError'))
      return [{ gap: gapOf(item, 'malformed', error.message) }];
    throw error;
  }
}

function unknownShape({ shape }: RawItem): string {
  return gapMessage(`This source reads no item of shape ${shape}.`, 'report it, with the version of this program');
}

function gapOf(item: RawItem, reason: 'unsupported' | 'malformed', message: string): Gap {
  const what = `${item.source} ${stringAt(item.context, 'path') ?? item.shape}`;
  return {
    reason,
    extent: 'item',
    what,
    message,
    code: 'REPORT_UNREADABLE',
    detail: { sha256: hash('sha256', item.text), bytes: Buffer.byteLength(item.text) },
  };
}
