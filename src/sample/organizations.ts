// SPDX-License-Identifier: Apache-2.0
import { type Json, type JsonObject, numberAt, stringAt } from '../evidence/json.ts';
import { awsError, type SampleAnswer, type SampleRequest, type SampleService } from './sample-service.ts';
import type { SampleWorld } from './world.ts';

/** The organisation's root, a unit in it, and a unit in that one. */
const [root, workloads, ai] = ['r-exmp', 'ou-exmp-workload1', 'ou-exmp-aisystem1'];
const [management, claims] = ['111122223333', '444455556666'];

const unitsBelow: Readonly<Record<string, readonly string[]>> = { [root]: [workloads], [workloads]: [ai], [ai]: [] };
const accountsIn: Readonly<Record<string, readonly string[]>> = { [root]: [management], [workloads]: ['777788889999'], [ai]: [claims] };

/** AWS Organizations of the sample organisation: its accounts and units, for its management account only. One account is suspended. */
export const organizationsService: SampleService = (request, world) => {
  if (request.account !== management) return awsError(400, 'AccessDeniedException', "You don't have permissions to access this resource.");
  const parent = stringAt(request.body, 'ParentId') ?? '';
  switch (request.operation) {
    case 'ListAccounts':
      return page(
        request,
        'Accounts',
        Object.values(accountsIn)
          .flat()
          .map((id) => account(world, id)),
      );
    case 'ListAccountsForParent':
      if (accountsIn[parent] === undefined) return noParent();
      return page(
        request,
        'Accounts',
        accountsIn[parent].map((id) => account(world, id)),
      );
    case 'ListOrganizationalUnitsForParent':
      if (unitsBelow[parent] === undefined) return noParent();
      return page(
        request,
        'OrganizationalUnits',
        unitsBelow[parent].map((id) => ({ Id: id, Name: id })),
      );
    default:
      return awsError(400, 'UnknownOperationException', `The sample account does not answer ${request.operation}.`);
  }
};

function noParent(): SampleAnswer {
  return awsError(400, 'ParentNotFoundException', "You specified parent that doesn't exist.");
}

function account({ organization, accounts }: SampleWorld, id: string): JsonObject {
  const known = accounts.find((one) => one.id === id);
  return {
    Id: id,
    Arn: `arn:aws:organizations::${management}:account/${organization}/${id}`,
    Name: known?.name ?? 'closed-experiment',
    State: known === undefined ? 'SUSPENDED' : 'ACTIVE',
    JoinedMethod: 'CREATED',
  };
}

function page({ body }: SampleRequest, name: string, items: readonly Json[]): SampleAnswer {
  const size = numberAt(body, 'MaxResults') ?? 2;
  const from = Number(stringAt(body, 'NextToken') ?? 0);
  if (!Number.isInteger(from)) return awsError(400, 'InvalidInputException', 'You specified an invalid NextToken.');
  const next = from + size < items.length ? { NextToken: String(from + size) } : {};
  return { status: 200, body: { [name]: items.slice(from, from + size), ...next } };
}
