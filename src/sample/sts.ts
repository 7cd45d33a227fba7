// SPDX-License-Identifier: Apache-2.0
import { errorAnswer, xmlText } from './refusals.ts';
import type { SampleService } from './sample-service.ts';

/** STS of the sample organisation: GetCallerIdentity, in XML as the query protocol has it. */
export const stsService: SampleService = (request) => {
  if (request.operation !== 'GetCallerIdentity') {
    return errorAnswer('query', 400, 'InvalidAction', `Could not find operation ${request.operation} for version 2011-06-15`);
  }
  const identity = [
    `<Arn>arn:aws:sts::${xmlText(request.account)}:assumed-role/aims-evidence-collector/sample</Arn>`,
    '<UserId>AROAEXAMPLEROLEID0001:sample</UserId>',
    `<Account>${xmlText(request.account)}</Account>`,
  ].join('');
  const result = `<GetCallerIdentityResult>${identity}</GetCallerIdentityResult>`;
  return {
    status: 200,
    body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${result}</GetCallerIdentityResponse>`,
  };
};
