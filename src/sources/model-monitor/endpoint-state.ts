// SPDX-License-Identifier: Apache-2.0
import { canonicalJson } from '../../evidence/canonical-json.ts';
import { at, isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { RawItem } from '../../evidence/observation.ts';
import type { ScopeFile } from '../../evidence/scope-file.ts';
import { aiSystemsOf } from '../report/ai-systems-of.ts';
import { isoTime, timePart } from '../report/aws-time.ts';
import { resource, sageMakerArn } from '../report/report-file.ts';
import type { StateParts } from './state-parts.ts';

/** A DescribeEndpoint answer. Context: `hasSchedule` (left out where schedules could not be listed: absence is never a guess) and `endpointTags`. */
export function endpointState(item: RawItem, endpoint: JsonObject, scope: ScopeFile): StateParts {
  const { context } = item;
  const name = stringAt(endpoint, 'EndpointName');
  const status = stringAt(endpoint, 'EndpointStatus') ?? 'unknown status';
  const arn = stringAt(endpoint, 'EndpointArn') ?? sageMakerArn(context, 'endpoint', name ?? '');
  const resources = [resource(arn, 'AWS::SageMaker::Endpoint', at(context, 'endpointTags'))];
  const known = at(context, 'hasSchedule');
  const hasSchedule = typeof known === 'boolean' ? { hasSchedule: known } : {};
  const systems = aiSystemsOf(resources, context.account, scope);
  const replacementMonitor = scope.replacementMonitors.some((monitor) => systems.includes(monitor.aiSystem));
  const capture = at(endpoint, 'DataCaptureConfig');
  return {
    identity: name === undefined ? null : `endpoint:${arn}`,
    version: [
      status,
      timePart(at(endpoint, 'LastModifiedTime')),
      `capture=${String(at(capture, 'EnableCapture') ?? '')},${stringAt(capture, 'CaptureStatus') ?? ''}`,
      ...Object.entries(hasSchedule).map(([fact, value]) => `${fact}=${value}`),
      `replacementMonitor=${replacementMonitor}`,
    ],
    lasts: true,
    occurredAt: isoTime(at(endpoint, 'LastModifiedTime')),
    title: `Endpoint ${name ?? ''}: ${status}`,
    resources,
    facts: { ...hasSchedule, replacementMonitor },
    ...withoutShapRows(endpoint),
  };
}

// An online explainer carries the rows it compares with in its settings: they are data of people.
function withoutShapRows(endpoint: JsonObject): Pick<StateParts, 'detail' | 'text'> {
  const path = ['ExplainerConfig', 'ClarifyExplainerConfig', 'ShapConfig', 'ShapBaselineConfig'];
  if (at(endpoint, ...path, 'ShapBaseline') === undefined) return {};
  const detail = withMember(endpoint, [...path, 'ShapBaseline'], '[rows left out]');
  return { detail, text: canonicalJson(detail) };
}

function withMember(value: Json | undefined, path: readonly string[], to: string): JsonObject {
  const [name = '', ...rest] = path;
  const object = isJsonObject(value) ? value : {};
  return { ...object, [name]: rest.length === 0 ? to : withMember(object[name], rest, to) };
}
