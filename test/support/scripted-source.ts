// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../src/evidence/gap.ts';
import { type Json, stringAt } from '../../src/evidence/json.ts';
import type { Interpretation, RawItem, Reading } from '../../src/evidence/observation.ts';
import type { Scope, Source } from '../../src/sources/source.ts';

/** One step of a scripted reading; `wait` never ends, `throw` is a fault of ours. */
export type Step =
  | { readonly find: string; readonly version?: string }
  | { readonly mark: string }
  | { readonly gap: Gap }
  | { readonly wait: true }
  | { readonly throw: Error };

/** A reading in parts: things found, one of them again in a newer version, and something that was refused. */
export const stepsInParts: readonly Step[] = [
  { find: 'a' },
  { mark: '1' },
  { find: 'b' },
  { gap: refusedGap('macie2:GetFindings') },
  { mark: '2' },
  { find: 'a', version: '2' },
];

/** Replaces what a source reads by a script; reading goes on after the mark it is given. `seen` is told of every scope. */
export function scripted(
  steps: (scope: Scope) => readonly Step[],
  seen: (scope: Scope) => void = () => undefined,
): (made: Source) => Source {
  return (made) => ({
    ...made,
    derivations: [],
    interpret: (item, value) => [interpret(item, value)],
    read: async function* (_connection, scope) {
      seen(scope);
      const all = steps(scope);
      const start = all.findIndex((step) => 'mark' in step && step.mark === scope.resumeAfter) + 1;
      for (const step of all.slice(start)) yield await readingOf(made, step, scope);
    },
  });
}

async function readingOf(source: Source, step: Step, scope: Scope): Promise<Reading> {
  if ('throw' in step) throw step.throw;
  if ('wait' in step) return await new Promise<Reading>(() => undefined);
  if (!('find' in step)) return step;
  const { partition, account, region, sweptAt } = scope;
  const text = JSON.stringify({ id: step.find, version: step.version ?? '1' });
  const context = { partition, account, region, sweptAt };
  return { item: { source: source.id, shape: 'finding', text, channel: { kind: 'api', requestId: `request ${step.find}` }, context } };
}

function interpret(item: RawItem, value: Json): Interpretation {
  const { partition, account, region } = item.context;
  const id = stringAt(value, 'id') ?? '';
  return {
    observation: {
      source: item.source,
      kind: 'finding',
      partition,
      account,
      region,
      sourceIdentity: `${account}|${region}|${id}`,
      versionKey: [stringAt(value, 'version') ?? ''],
      findingKey: `scripted|${id}`,
      occurredAt: '2026-11-20T10:00:00.000Z',
      observedAt: null,
      title: id,
      severity: null,
      resources: [],
      detail: { id },
      text: item.text,
      facts: {},
    },
  };
}

/** A gap as a source yields it where a call is refused. */
export function refusedGap(what: string): Gap {
  return { reason: 'denied', extent: 'scope', what, message: 'ExpiredTokenException', code: 'ExpiredTokenException', detail: {} };
}
