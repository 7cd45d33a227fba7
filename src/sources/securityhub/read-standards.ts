// SPDX-License-Identifier: Apache-2.0
import { gapMessage } from '../../evidence/gap.ts';
import { sliceElements } from '../../evidence/json-slices.ts';
import type { Reading } from '../../evidence/observation.ts';
import type { Asked, HubCalls } from './hub-calls.ts';
import type { FindingTables } from './tables.ts';

/** Controls on AI services are asked about even where no rule names them yet. */
const aiControl = /^(SageMaker|Bedrock|BedrockAgentCore)\./;
const pageSize = 100;
const pairsPerCall = 100;

interface StandardsPage {
  readonly StandardsSubscriptions?: readonly { readonly StandardsArn?: string | undefined }[] | undefined;
  readonly NextToken?: string | undefined;
}

interface ControlsPage {
  readonly SecurityControlDefinitions?: readonly { readonly SecurityControlId?: string | undefined }[] | undefined;
  readonly NextToken?: string | undefined;
}

interface AssociationsAnswer {
  readonly UnprocessedAssociations?: readonly { readonly ErrorCode?: string | undefined }[] | undefined;
}

interface Pair {
  readonly StandardsArn: string;
  readonly SecurityControlId: string;
}

/** The standards that are on, and whether the controls that rules or AI services care about are on in them. */
export async function* readStandards(calls: HubCalls, tables: FindingTables): AsyncGenerator<Reading> {
  const standards: string[] = [];
  yield* readEnabledStandards(calls, standards);
  const pairs: Pair[] = [];
  for (const standard of standards) {
    const controls: string[] = [];
    yield* readControls(calls, standard, controls);
    for (const id of controls) if (isOfInterest(id, tables)) pairs.push({ StandardsArn: standard, SecurityControlId: id });
  }
  for (let from = 0; from < pairs.length; from += pairsPerCall) yield* readAssociations(calls, pairs.slice(from, from + pairsPerCall));
}

function isOfInterest(controlId: string, tables: FindingTables): boolean {
  return aiControl.test(controlId) || tables.mapped.has(controlId.toLowerCase());
}

async function* readEnabledStandards(calls: HubCalls, found: string[]): AsyncGenerator<Reading> {
  let NextToken: string | undefined;
  do {
    const command = new calls.sdk.GetEnabledStandardsCommand({ MaxResults: pageSize, NextToken });
    const asked: Asked<StandardsPage> = await calls.ask('GetEnabledStandards', command);
    if ('gap' in asked) return yield { gap: asked.gap };
    const { body, output, requestId } = asked.answer;
    for (const text of sliceElements(body, 'StandardsSubscriptions')) {
      yield { item: calls.item('state', text, requestId, { operation: 'GetEnabledStandards' }) };
    }
    found.push(...(output.StandardsSubscriptions ?? []).flatMap((one) => one.StandardsArn ?? []));
    NextToken = output.NextToken;
  } while (NextToken);
}

/** Ids of a standard's controls; the definitions themselves are AWS's words for everyone and no evidence. */
async function* readControls(calls: HubCalls, StandardsArn: string, found: string[]): AsyncGenerator<Reading> {
  let NextToken: string | undefined;
  do {
    const command = new calls.sdk.ListSecurityControlDefinitionsCommand({ StandardsArn, MaxResults: pageSize, NextToken });
    const asked: Asked<ControlsPage> = await calls.ask('ListSecurityControlDefinitions', command);
    if ('gap' in asked) return yield { gap: { ...asked.gap, detail: { ...asked.gap.detail, standard: StandardsArn } } };
    found.push(...(asked.answer.output.SecurityControlDefinitions ?? []).flatMap((one) => one.SecurityControlId ?? []));
    NextToken = asked.answer.output.NextToken;
  } while (NextToken);
}

/** One call for a hundred pairs says the same as ListStandardsControlAssociations, which takes a call for each control. */
async function* readAssociations(calls: HubCalls, pairs: readonly Pair[]): AsyncGenerator<Reading> {
  const action = 'BatchGetStandardsControlAssociations';
  const command = new calls.sdk.BatchGetStandardsControlAssociationsCommand({ StandardsControlAssociationIds: [...pairs] });
  const asked = await calls.ask<AssociationsAnswer>(action, command);
  if ('gap' in asked) return yield { gap: { ...asked.gap, detail: { ...asked.gap.detail, pairs: pairs.length } } };
  const { body, output, requestId } = asked.answer;
  for (const text of sliceElements(body, 'StandardsControlAssociationDetails')) {
    yield { item: calls.item('state', text, requestId, { operation: action }) };
  }
  const codes = (output.UnprocessedAssociations ?? []).map((one) => one.ErrorCode ?? 'UNKNOWN');
  if (codes.length === 0) return;
  yield {
    gap: {
      reason: codes.every((code) => code === 'ACCESS_DENIED') ? 'denied' : 'unavailable',
      extent: 'scope',
      what: `securityhub:${action}`,
      message: gapMessage(
        `Security Hub did not say of ${codes.length} controls whether they are on.`,
        `collect again, and allow securityhub:${action} to the identity that collects where access was denied`,
      ),
      code: codes[0] ?? null,
      detail: { requestId, codes: [...new Set(codes)] },
    },
  };
}
