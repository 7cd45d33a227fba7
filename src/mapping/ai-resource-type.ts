// SPDX-License-Identifier: Apache-2.0

// CloudFormation names of services whose resources are AI systems or parts of them, whoever owns them.
const aiServices: ReadonlySet<string> = new Set(
  `SageMaker SageMakerGeospatial Bedrock BedrockAgentCore BedrockMantle AgentRegistry QBusiness Comprehend ComprehendMedical Forecast
   FraudDetector Kendra Lex LookoutEquipment LookoutMetrics LookoutVision Personalize Polly Rekognition Textract Transcribe Translate
   Wisdom`.split(/\s+/),
);
// The same services as ARNs name them, for resources whose type is not known.
const aiArnServices: ReadonlySet<string> = new Set(
  `sagemaker sagemaker-geospatial bedrock bedrock-agentcore bedrock-mantle agent-registry qbusiness comprehend forecast frauddetector
   kendra lex lookoutequipment lookoutmetrics lookoutvision personalize polly rekognition textract transcribe translate wisdom`.split(
    /\s+/,
  ),
);

const known = new Map<string, boolean>();
// Types come from outside: the memory of them must not grow with what a stranger writes.
const mostKnown = 5000;

/** True for a resource of an AI service, by its CloudFormation type or, where that is not known, by its ARN. */
export function isAiResourceType({ arn, type }: { readonly arn: string; readonly type: string }): boolean {
  return type === '' ? aiArnServices.has(serviceOfArn(arn)) : isAiType(type);
}

function isAiType(type: string): boolean {
  const answer = known.get(type);
  if (answer !== undefined) return answer;
  const [vendor, service = ''] = type.split('::', 2);
  const isAi = vendor === 'AWS' && aiServices.has(service);
  if (known.size < mostKnown) known.set(type, isAi);
  return isAi;
}

function serviceOfArn(arn: string): string {
  return arn.startsWith('arn:') ? (arn.split(':', 3)[2] ?? '') : '';
}
