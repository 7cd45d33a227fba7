// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { Interpretation, RawItem } from '../../evidence/observation.ts';
import { unreadable } from '../report/unreadable.ts';
import type { SourceSettings } from '../source.ts';
import { alertState } from './alert-state.ts';
import { definitionState } from './definition-state.ts';
import { endpointState } from './endpoint-state.ts';
import { scheduleState } from './schedule-state.ts';
import type { StateParts } from './state-parts.ts';

/** One answer, or one item of a list, of the call in `context.operation`. */
export function interpretState(item: RawItem, value: Json, settings: SourceSettings): readonly Interpretation[] {
  const operation = stringAt(item.context, 'operation') ?? '';
  const parts = isJsonObject(value) ? statePartsOf(operation, item, value, settings) : null;
  if (parts === null || parts.identity === null || !isJsonObject(value))
    return [unreadable(item, `answer of ${operation}`, 'the name of what it describes')];
  const { partition, account, region } = item.context;
  return [
    {
      observation: {
        source: 'sagemaker-model-monitor',
        kind: 'state',
        partition,
        account,
        region,
        sourceIdentity: parts.identity,
        versionKey: parts.version,
        findingKey: parts.lasts ? `sagemaker-model-monitor:${parts.identity}` : null,
        occurredAt: parts.occurredAt,
        observedAt: parts.lasts ? item.context.sweptAt : parts.occurredAt,
        title: parts.title,
        severity: null,
        resources: parts.resources,
        detail: parts.detail ?? value,
        text: parts.text ?? item.text,
        facts: { operation, ...parts.facts },
      },
    },
  ];
}

function statePartsOf(operation: string, item: RawItem, value: JsonObject, settings: SourceSettings): StateParts | null {
  switch (operation) {
    case 'DescribeMonitoringSchedule':
      return scheduleState(item, value);
    case 'DescribeEndpoint':
      return endpointState(item, value, settings.declarations.scope);
    case 'ListMonitoringAlerts':
    case 'ListMonitoringAlertHistory':
      return alertState(item, value, operation);
    default:
      return operation.endsWith('JobDefinition') ? definitionState(item, value, operation) : null;
  }
}
