// SPDX-License-Identifier: Apache-2.0
import type { SampleSystem } from '../world.ts';
import { type Caller, dayMs, hourMs, minuteMs, type SampleEvent, sampleFraction } from './sample-record.ts';

const assistant: Caller = { role: 'support-assistant-runtime', session: 'assistant-api' };
const safety: Caller = { role: 'responsible-ai', session: 'm.fernandes', mfa: true };
const platform: Caller = { role: 'platform-automation', session: 'cloudformation' };

/** Conversations of a day at scale 1. */
const conversations = 24;

/** The support assistant: daily conversations through a guardrail that is tightened, and invocation logging that is switched on. */
export function supportAssistantEvents(system: SampleSystem, since: number, scale: number): readonly SampleEvent[] {
  const events = [...settings(system, since)];
  for (let day = 0; day < 30; day++) {
    for (let turn = 0; turn < conversations * scale; turn++) {
      const at = since + day * dayMs + 7 * hourMs + Math.floor(sampleFraction(`converse|${day}|${turn}`) * 14 * hourMs);
      events.push(converse(system, at, turn % 9 === 0));
    }
  }
  return events;
}

function converse(system: SampleSystem, at: number, isStreamed: boolean): SampleEvent {
  const request = {
    modelId: system.parts['foundationModel'] ?? '',
    guardrailConfig: { guardrailIdentifier: system.parts['guardrail'] ?? '', guardrailVersion: '3' },
  };
  return { at, by: assistant, source: 'bedrock', name: isStreamed ? 'ConverseStream' : 'Converse', readOnly: true, request };
}

function settings(system: SampleSystem, since: number): SampleEvent[] {
  const guardrailArn = `arn:aws:bedrock:${system.region}:${system.account}:guardrail/${system.parts['guardrail'] ?? ''}`;
  const bucketName = system.parts['invocationLogBucket'] ?? '';
  const logging = { loggingConfig: { s3Config: { bucketName, keyPrefix: 'invocations' }, textDataDeliveryEnabled: true } };
  const filters = { filtersConfig: [{ type: 'MISCONDUCT', inputStrength: 'HIGH', outputStrength: 'HIGH' }] };
  const shared = { source: 'bedrock', by: safety } as const;
  const agent = { agentId: system.parts['agent'] ?? '' };
  const knowledge = { knowledgeBaseId: system.parts['knowledgeBase'] ?? '', dataSourceId: 'DSEXAMPLE1' };
  return [
    { ...shared, at: since + dayMs + 10 * hourMs, by: platform, name: 'PutModelInvocationLoggingConfiguration', request: logging },
    {
      ...shared,
      at: since + 3 * dayMs + 11 * hourMs,
      name: 'UpdateGuardrail',
      request: { guardrailIdentifier: guardrailArn, name: 'support-assistant', contentPolicyConfig: filters },
      response: { guardrailArn, guardrailId: system.parts['guardrail'] ?? '', version: 'DRAFT' },
    },
    {
      ...shared,
      at: since + 3 * dayMs + 11 * hourMs + 20 * minuteMs,
      name: 'CreateGuardrailVersion',
      request: { guardrailIdentifier: guardrailArn, description: 'misconduct filter raised' },
      response: { guardrailId: system.parts['guardrail'] ?? '', version: '3' },
    },
    {
      ...shared,
      at: since + 8 * dayMs + 9 * hourMs,
      by: platform,
      name: 'PrepareAgent',
      request: agent,
      response: { ...agent, agentStatus: 'PREPARING' },
    },
    {
      ...shared,
      at: since + 15 * dayMs + 9 * hourMs,
      by: platform,
      name: 'StartIngestionJob',
      request: knowledge,
      response: { ingestionJob: { ...knowledge, status: 'STARTING' } },
    },
    {
      ...shared,
      at: since + 22 * dayMs + 14 * hourMs,
      name: 'CreateEvaluationJob',
      request: { jobName: 'support-assistant-quarterly', applicationType: 'ModelEvaluation' },
      response: { jobArn: `arn:aws:bedrock:${system.region}:${system.account}:evaluation-job/eval00example` },
    },
  ];
}
