// SPDX-License-Identifier: Apache-2.0
import type { SampleSystem } from '../world.ts';
import { check } from './controls.ts';
import { resourcesOf } from './resources.ts';
import type { SampleFinding } from './sample-finding.ts';

/** Findings about the parts of one AI system. */
export function systemFindings(system: SampleSystem): readonly SampleFinding[] {
  switch (system.name) {
    case 'credit-scoring':
      return creditScoring(system);
    case 'support-assistant':
      return supportAssistant(system);
    default:
      return claimsTriage(system);
  }
}

function creditScoring(system: SampleSystem): readonly SampleFinding[] {
  const of = resourcesOf(system);
  const [explore, features] = [of.notebook('credit-explore'), of.notebook('credit-features')];
  const [data, reports] = [of.bucket('dataBucket'), of.bucket('reportBucket')];
  return [
    check(0.4, 'SageMaker.4', 'FAILED', { resource: of.endpointConfig(), workflow: 'NOTIFIED' }),
    check(0.9, 'SageMaker.5', 'PASSED', { resource: of.model() }),
    check(1.3, 'SageMaker.9', 'PASSED', { resource: of.job('data-quality-job-definition', 'DataQualityJobDefinition') }),
    check(1.9, 'SageMaker.12', 'FAILED', { resource: of.job('model-bias-job-definition', 'ModelBiasJobDefinition') }),
    check(2.2, 'SageMaker.25', 'PASSED', { resource: of.job('model-quality-job-definition', 'ModelQualityJobDefinition') }),
    check(2.7, 'SageMaker.14', 'WARNING', { resource: of.schedule('dataQualitySchedule'), reason: 'CONFIG_RULE_EVALUATION_ERROR' }),
    check(3.1, 'SageMaker.1', 'PASSED', { resource: explore }),
    // Fixed in the month: the result came back under a new id.
    check(3.6, 'SageMaker.2', 'FAILED', { resource: explore }),
    check(14.6, 'SageMaker.2', 'PASSED', { resource: explore, round: 1 }),
    check(4.2, 'SageMaker.3', 'FAILED', {
      resource: explore,
      workflow: 'SUPPRESSED',
      note: 'Risk 14 accepted until the move to Studio; owner retail-lending.',
    }),
    // Someone called it resolved while the check still fails.
    check(5.8, 'SageMaker.3', 'FAILED', { resource: features, workflow: 'RESOLVED' }),
    check(6.4, 'SageMaker.1', 'FAILED', { resource: features, recordState: 'ARCHIVED' }),
    check(7.5, 'S3.5', 'PASSED', { resource: data }),
    check(8.3, 'S3.14', 'PASSED', { resource: data }),
    check(8.8, 'S3.17', 'PASSED', { resource: data }),
    check(9.4, 'S3.15', 'FAILED', { resource: reports }),
    // Broken, fixed and broken again.
    check(1.1, 'S3.8', 'FAILED', { resource: reports }),
    check(10.2, 'S3.8', 'PASSED', { resource: reports, round: 1 }),
    check(24.7, 'S3.8', 'FAILED', { resource: reports, round: 2 }),
    // Archived when findings were consolidated: the same check lives on under a new id.
    check(12.5, 'KMS.4', 'FAILED', { resource: of.key(), cisNumber: '2.8', recordState: 'ARCHIVED', repeats: false }),
    check(12.6, 'KMS.4', 'FAILED', { resource: of.key(), repeats: false }),
    check(16.1, 'ECR.1', 'PASSED', { resource: of.repository() }),
    check(28.9, 'S3.9', 'NOT_AVAILABLE', { resource: reports, reason: 'CONFIG_RULE_NOT_FOUND' }),
  ];
}

function supportAssistant(system: SampleSystem): readonly SampleFinding[] {
  const of = resourcesOf(system);
  const [knowledge, log] = [of.bucket('dataBucket'), of.bucket('invocationLogBucket')];
  const gateway = of.other('AWS::BedrockAgentCore::Gateway', 'bedrock-agentcore', 'gateway/support-tools');
  const browser = of.other('AWS::BedrockAgentCore::BrowserCustom', 'bedrock-agentcore', 'browser/support-browser');
  const base = of.other('AWS::Bedrock::KnowledgeBase', 'bedrock', `knowledge-base/${of.part('knowledgeBase')}`);
  return [
    check(1.5, 'Bedrock.1', 'FAILED', { resource: base }),
    check(2.4, 'BedrockAgentCore.2', 'PASSED', { resource: gateway }),
    check(4.9, 'BedrockAgentCore.6', 'FAILED', {
      resource: browser,
      workflow: 'SUPPRESSED',
      note: 'Sessions hold customer data; recording is off by decision 2026-31.',
    }),
    check(6.6, 'S3.8', 'PASSED', { resource: knowledge }),
    check(9.9, 'S3.5', 'FAILED', { resource: knowledge }),
    check(13.2, 'S3.17', 'PASSED', { resource: log }),
    check(17.4, 'S3.15', 'PASSED', { resource: log }),
    check(21.3, 'S3.9', 'FAILED', { resource: log, recordState: 'ARCHIVED' }),
    check(26.5, 'KMS.4', 'PASSED', { resource: of.key() }),
  ];
}

function claimsTriage(system: SampleSystem): readonly SampleFinding[] {
  const of = resourcesOf(system);
  const images = of.bucket('dataBucket');
  return [
    check(1.2, 'SageMaker.4', 'PASSED', { resource: of.endpointConfig() }),
    check(3.3, 'SageMaker.5', 'FAILED', { resource: of.model() }),
    check(5.1, 'SageMaker.3', 'WARNING', { resource: of.notebook('claims-labels'), reason: 'CONFIG_ACCESS_DENIED' }),
    check(8.7, 'S3.2', 'FAILED', { resource: images }),
    check(11.6, 'S3.2', 'PASSED', { resource: images, round: 1 }),
    check(15.8, 'S3.14', 'FAILED', { resource: images }),
    check(22.4, 'S3.17', 'PASSED', { resource: images }),
    check(27.1, 'ECR.1', 'FAILED', { resource: of.repository(), recordState: 'ARCHIVED' }),
  ];
}
