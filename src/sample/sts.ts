// SPDX-License-Identifier: Apache-2.0
import { stringAt } from '../evidence/json.ts';
import { errorAnswer, xmlText } from './refusals.ts';
import { sampleCredentials } from './sample-credentials.ts';
import type { SampleAnswer, SampleRequest, SampleService } from './sample-service.ts';
import type { SampleWorld } from './world.ts';

/** The role that other accounts may assume in every account of the sample organisation, and the external id that it asks for. */
const sampleRole = { name: 'AimsEvidenceRead', externalId: 'aims-evidence' } as const;

/** STS of the sample organisation: GetCallerIdentity and AssumeRole, in XML as the query protocol has it. */
export const stsService: SampleService = (request, world) => {
  switch (request.operation) {
    case 'GetCallerIdentity':
      return result(request.operation, [
        `<Arn>arn:aws:sts::${xmlText(request.account)}:assumed-role/aims-evidence-collector/sample</Arn>`,
        '<UserId>AROAEXAMPLEROLEID0001:sample</UserId>',
        `<Account>${xmlText(request.account)}</Account>`,
      ]);
    case 'AssumeRole':
      return assumeRole(request, world);
    default:
      return errorAnswer('query', 400, 'InvalidAction', `Could not find operation ${request.operation} for version 2011-06-15`);
  }
};

// The session's end is so far away that the sample needs no clock.
const sessionEnd = '2099-12-31T23:59:59Z';
const longestPolicy = 2_048;

function assumeRole({ account, operation, body }: SampleRequest, world: SampleWorld): SampleAnswer {
  const roleArn = stringAt(body, 'RoleArn') ?? '';
  const [, target = '', name = ''] = /^arn:aws:iam::(\d{12}):role\/(.+)$/.exec(roleArn) ?? [];
  const isKnown = world.accounts.some(({ id }) => id === target) && name === sampleRole.name;
  if (!isKnown || stringAt(body, 'ExternalId') !== sampleRole.externalId) {
    const caller = `arn:aws:sts::${account}:assumed-role/aims-evidence-collector/sample`;
    return errorAnswer(
      'query',
      403,
      'AccessDenied',
      `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  }
  if ((stringAt(body, 'Policy') ?? '').length > longestPolicy)
    return errorAnswer('query', 400, 'PackedPolicyTooLarge', 'The session policy is larger than 2048 characters.');
  const keys = sampleCredentials(target);
  const session = xmlText(stringAt(body, 'RoleSessionName') ?? '');
  const user = `<Arn>arn:aws:sts::${target}:assumed-role/${xmlText(name)}/${session}</Arn><AssumedRoleId>AROAEXAMPLEROLEID0002:${session}</AssumedRoleId>`;
  return result(operation, [
    `<AssumedRoleUser>${user}</AssumedRoleUser>`,
    `<Credentials><AccessKeyId>${keys.accessKeyId}</AccessKeyId><SecretAccessKey>${keys.secretAccessKey}</SecretAccessKey>`,
    `<SessionToken>sample</SessionToken><Expiration>${sessionEnd}</Expiration></Credentials>`,
  ]);
}

function result(operation: string, parts: readonly string[]): SampleAnswer {
  const inner = `<${operation}Result>${parts.join('')}</${operation}Result>`;
  return {
    status: 200,
    body: `<${operation}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${inner}</${operation}Response>`,
  };
}
