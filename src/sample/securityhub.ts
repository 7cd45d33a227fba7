// SPDX-License-Identifier: Apache-2.0
import { arrayAt, type Json, type JsonObject, member, stringAt } from '../evidence/json.ts';
import { awsError, type SampleAnswer, type SampleRequest, type SampleService } from './sample-service.ts';
import { asffFinding } from './securityhub/asff.ts';
import { asffFilter, FilterRefused, ocsfFilter } from './securityhub/filters.ts';
import { ocsfFinding } from './securityhub/ocsf.ts';
import { findingsPage } from './securityhub/pages.ts';
import { populationOf } from './securityhub/population.ts';
import { association, controlDefinitions, enabledStandards } from './securityhub/standards.ts';
import type { SampleWorld } from './world.ts';

/**
 * Security Hub of the sample organisation: CSPM in every Region that is not denied, the newer Security Hub beside it in the second Region of
 * the first account, no aggregation.
 */
export const securityHubService: SampleService = (request, world) => {
  const account = world.accounts.find((one) => one.id === request.account);
  if (account?.deniedRegions.includes(request.region) !== false) {
    return awsError(403, 'AccessDeniedException', `User is not authorized to perform ${request.method} ${request.path}`);
  }
  const handler = routes[`${request.method} ${request.path}`];
  if (handler === undefined)
    return awsError(404, 'UnknownOperationException', `the sample's Security Hub has no ${request.method} ${request.path}`);
  try {
    return handler(request, world);
  } catch (error) {
    if (error instanceof FilterRefused) return refusedInput(request, error.answer);
    throw error;
  }
};

const routes: Readonly<Record<string, SampleService>> = {
  'GET /accounts': hub,
  'POST /standards/get': ({ account, region }, world) => ok({ StandardsSubscriptions: enabledStandards(world, account, region) }),
  'GET /securityControls/definitions': ({ query }) => ok({ SecurityControlDefinitions: controlDefinitions(query.get('StandardsArn')) }),
  'POST /associations/batchGet': associations,
  'GET /findingAggregator/list': () => ok({ FindingAggregators: [] }),
  'POST /findings': findings,
  'GET /hubv2': hubV2,
  'GET /aggregatorv2/list': () => ok({ AggregatorsV2: [] }),
  'POST /findingsv2': findingsV2,
};

function ok(body: Json): SampleAnswer {
  return { status: 200, body };
}

/** The older operations and the newer ones name a bad input differently. */
function refusedInput({ path }: SampleRequest, message: string): SampleAnswer {
  return awsError(400, path.endsWith('v2') ? 'ValidationException' : 'InvalidInputException', message);
}

function hub({ account, region }: SampleRequest, { since }: SampleWorld): SampleAnswer {
  return ok({
    HubArn: `arn:aws:securityhub:${region}:${account}:hub/default`,
    SubscribedAt: new Date(Date.parse(since) - 700 * 86_400_000).toISOString(),
    AutoEnableControls: true,
    ControlFindingGenerator: 'SECURITY_CONTROL',
  });
}

function isV2On({ account, region }: SampleRequest, world: SampleWorld): boolean {
  return account === world.accounts[0]?.id && region === world.regions[1];
}

function hubV2(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const { account, region } = request;
  if (!isV2On(request, world)) return awsError(404, 'ResourceNotFoundException', `Security Hub V2 is not enabled for account ${account}`);
  return ok({
    HubV2Arn: `arn:aws:securityhub:${region}:${account}:hubv2/1234abcd-12ab-34cd-56ef-1234567890ab`,
    SubscribedAt: new Date(Date.parse(world.since) - 60 * 86_400_000).toISOString(),
  });
}

function associations({ body, account, region }: SampleRequest, { until }: SampleWorld): SampleAnswer {
  const pairs = arrayAt(body, 'StandardsControlAssociationIds');
  const details: JsonObject[] = [];
  const unprocessed: JsonObject[] = [];
  for (const pair of pairs) {
    const found = association({ account, region, until }, stringAt(pair, 'SecurityControlId') ?? '', stringAt(pair, 'StandardsArn') ?? '');
    if (found !== undefined) details.push(found);
    else unprocessed.push({ StandardsControlAssociationId: pair, ErrorCode: 'NOT_FOUND', ErrorReason: 'No such control in the standard' });
  }
  return ok({ StandardsControlAssociationDetails: details, UnprocessedAssociations: unprocessed });
}

function findings({ account, region, body }: SampleRequest, world: SampleWorld): SampleAnswer {
  const filters = filtersOf(body);
  return ok(
    findingsPage({
      population: populationOf(world, account, region),
      filter: asffFilter(filters, Date.parse(world.until)),
      body,
      sortField: 'UpdatedAt',
      write: (placed) => asffFinding(placed, world),
    }),
  );
}

function findingsV2(request: SampleRequest, world: SampleWorld): SampleAnswer {
  const { account, region, body } = request;
  if (!isV2On(request, world)) return awsError(403, 'AccessDeniedException', 'Security Hub V2 is not enabled');
  return ok(
    findingsPage({
      population: populationOf(world, account, region),
      filter: ocsfFilter(filtersOf(body), Date.parse(world.until)),
      body,
      sortField: 'finding_info.modified_time_dt',
      write: (placed) => ocsfFinding(placed, world),
    }),
  );
}

function filtersOf(body: Json | undefined): Json | undefined {
  return member(body, 'Filters');
}
