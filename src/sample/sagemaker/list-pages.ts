// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import { awsError, type SampleAnswer, type SampleRequest } from '../sample-service.ts';

/** A successful answer. */
export function ok(body: Json): SampleAnswer {
  return { status: 200, body };
}

/** Items within the time filters. Times are compared as the epoch seconds they are on the wire; After and Before leave the instant itself out. */
export function filtered({ body }: SampleRequest, items: readonly JsonObject[]): readonly JsonObject[] {
  return items.filter((item) =>
    ['LastModifiedTime', 'CreationTime', 'ScheduledTime'].every((member) => {
      const time = numberAt(item, member) ?? 0;
      return time > (numberAt(body, `${member}After`) ?? -Infinity) && time < (numberAt(body, `${member}Before`) ?? Infinity);
    }),
  );
}

/** Items in the order asked for, by a time. */
export function sorted({ body }: SampleRequest, items: readonly JsonObject[], usual: string): readonly JsonObject[] {
  const member = stringAt(body, 'SortBy') ?? usual;
  const direction = stringAt(body, 'SortOrder') === 'Ascending' ? 1 : -1;
  return items.toSorted((a, b) => direction * ((numberAt(a, member) ?? 0) - (numberAt(b, member) ?? 0)));
}

/** One page; the token is the offset of the next one. The default size is 10, as in the service. */
export function page<Item>(
  { body }: SampleRequest,
  name: string,
  items: readonly Item[],
  answer: (item: Item) => JsonObject,
): SampleAnswer {
  const size = numberAt(body, 'MaxResults') ?? 10;
  if (size < 1 || size > 100)
    return awsError(
      400,
      'ValidationException',
      `Value '${size}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 100`,
    );
  const token = isJsonObject(body) ? stringAt(body, 'NextToken') : undefined;
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString('utf8'));
  if (!Number.isInteger(from)) return awsError(400, 'ValidationException', 'Invalid NextToken');
  const next = from + size < items.length ? { NextToken: Buffer.from(String(from + size)).toString('base64url') } : {};
  return ok({ [name]: items.slice(from, from + size).map(answer), ...next });
}
