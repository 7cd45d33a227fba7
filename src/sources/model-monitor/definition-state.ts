// SPDX-License-Identifier: Apache-2.0
import { at, type JsonObject, stringAt } from '../../evidence/json.ts';
import type { RawItem } from '../../evidence/observation.ts';
import { isoTime, timePart } from '../report/aws-time.ts';
import { resource, sageMakerArn } from '../report/report-file.ts';
import { baselineState, monitorTypeOfOperation, watchedEndpoint } from './job-definition.ts';
import type { StateParts } from './state-parts.ts';

/** A Describe…JobDefinition answer. Definitions never change: a new one gets a new name. */
export function definitionState(item: RawItem, definition: JsonObject, operation: string): StateParts {
  const { context } = item;
  const name = stringAt(definition, 'JobDefinitionName');
  const monitorType = monitorTypeOfOperation(operation);
  const arn = stringAt(definition, 'JobDefinitionArn') ?? `${monitorType}:${name ?? ''}`;
  const endpoint = watchedEndpoint(definition);
  const own = resource(arn, `AWS::SageMaker::${monitorType}JobDefinition`, at(context, 'scheduleTags'));
  const watched =
    endpoint === null
      ? []
      : [resource(sageMakerArn(context, 'endpoint', endpoint), 'AWS::SageMaker::Endpoint', at(context, 'endpointTags'))];
  return {
    identity: name === undefined ? null : `definition:${arn}`,
    version: [timePart(at(definition, 'CreationTime'))],
    lasts: true,
    occurredAt: isoTime(at(definition, 'CreationTime')),
    title: `${monitorType} job definition ${name ?? ''}`,
    resources: [own, ...watched],
    facts: { monitorType, baseline: baselineState(definition) },
  };
}
