// SPDX-License-Identifier: Apache-2.0

/** The six parts of an ARN. `resource` is all after the fifth colon. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/** Takes an ARN apart; `undefined` for any other text. Region and account may be empty. */
export function parseArn(text: string | undefined): Arn | undefined {
  if (text === undefined) return undefined;
  const [arn, partition, service, region, account, ...resource] = text.split(':');
  if (arn !== 'arn' || partition === undefined || service === undefined || region === undefined || account === undefined) return undefined;
  return resource.length === 0 ? undefined : { partition, service, region, account, resource: resource.join(':') };
}
