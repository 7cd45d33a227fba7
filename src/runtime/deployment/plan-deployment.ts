// SPDX-License-Identifier: Apache-2.0
import type { Configuration } from './configuration-schema.ts';
import type { Assumptions } from './cost-assumptions.ts';
import { type CostLine, costLines, totalOf } from './cost-lines.ts';
import { type RecordCost, recordCosts } from './cost-records.ts';
import { stackParts } from './cost-stack.ts';
import { type PlannedSource, type Workload, workloadOf } from './cost-workload.ts';
import { type FunctionRole, functionRoles } from './function-roles.ts';
import type { Grant } from './grant.ts';
import { type Missing, missingSettings } from './plan-missing.ts';
import { type Kept, keptUntil } from './plan-retention.ts';
import { runsPerDay } from './plan-schedule.ts';
import { memberGrants } from './source-grants.ts';

/** What a plan is made of. No clock and no AWS: the same input gives the same plan. */
export interface PlanInput {
  readonly configuration: Configuration;
  readonly sources: readonly PlannedSource[];
  /** Day of the deployment, `YYYY-MM-DD`. */
  readonly on: string;
  /** How many accounts to count where the configuration says "the organisation"; null: one, and the plan says that it is a guess. */
  readonly accountsCount: number | null;
  readonly assumptions: Assumptions;
}

/** Whose accounts are read, and how many the estimate counts. */
export interface PlannedAccounts {
  readonly from: 'own account' | 'list' | 'organization' | 'organizational units';
  readonly count: number;
  /** Said where the count is not known from the configuration. */
  readonly note: string | null;
}

/** One source as it will be collected. */
export interface PlannedCollection {
  readonly source: string;
  readonly title: string;
  readonly schedule: string;
  readonly runsPerDay: number;
  readonly overlapHours: number;
  readonly reachDays: number;
  readonly fullSweepDays: number;
  readonly events: number;
}

/** Everything that `aims plan` says. */
export interface DeploymentPlan {
  readonly accounts: PlannedAccounts;
  readonly regions: readonly string[];
  readonly collects: readonly PlannedCollection[];
  readonly keeps: Kept;
  readonly roles: readonly FunctionRole[];
  /** The role in each other account, from the member stack; null where only the own account is read. */
  readonly memberRole: { readonly name: string; readonly grants: readonly Grant[] } | null;
  readonly missing: readonly Missing[];
  readonly assumptions: Assumptions;
  readonly work: Workload;
  readonly costs: readonly CostLine[];
  readonly total: number;
  readonly recordCosts: readonly RecordCost[];
}

/** Plans a deployment: what is collected, what is kept, who may do what, what is missing, and what it costs. */
export function planDeployment({ configuration, sources, on, accountsCount, assumptions }: PlanInput): DeploymentPlan {
  const chosen = sources.filter(({ id }) => configuration.sources.includes(id)).map((source) => scheduled(source, configuration));
  const accounts = accountsOf(configuration, accountsCount);
  const scopes = accounts.count * Math.max(1, configuration.regions.length);
  const work = workloadOf({ sources: chosen, scopes, ...waysOf(configuration, scopes) }, assumptions);
  const costs = costLines({ work, stack: stackParts(configuration, chosen), assumptions });
  return {
    accounts,
    regions: configuration.regions,
    collects: chosen.map((source) => collectionOf(source, configuration)),
    keeps: keptUntil(configuration, on),
    roles: functionRoles(configuration, chosen),
    memberRole:
      accounts.from === 'own account' ? null : { name: configuration.member.roleName, grants: memberGrants(chosen, configuration) },
    missing: missingSettings(configuration),
    assumptions,
    work,
    costs,
    total: totalOf(costs),
    recordCosts: recordCosts(assumptions),
  };
}

function waysOf({ events, member, trailBuckets }: Configuration, scopes: number) {
  const eventScopes = member.forwardEvents ? scopes : 1;
  return { eventScopes: events ? eventScopes : 0, readsLogFiles: trailBuckets.length > 0 };
}

function scheduled(source: PlannedSource, { schedules }: Configuration): PlannedSource {
  return { ...source, schedule: schedules[source.id] ?? source.schedule };
}

function collectionOf({ id, title, schedule, window, eventPatterns }: PlannedSource, { events }: Configuration): PlannedCollection {
  return {
    source: id,
    title,
    schedule,
    runsPerDay: runsPerDay(schedule),
    overlapHours: window.overlapHours,
    reachDays: window.retentionDays,
    fullSweepDays: window.fullSweepDays,
    events: events ? eventPatterns.length : 0,
  };
}

function accountsOf({ accounts }: Configuration, count: number | null): PlannedAccounts {
  if (Array.isArray(accounts)) {
    if (accounts.length > 0) return { from: 'list', count: accounts.length, note: null };
    return { from: 'own account', count: 1, note: null };
  }
  const from = 'organization' in accounts ? 'organization' : 'organizational units';
  if (count !== null) return { from, count, note: 'counted as --accounts-count says; AWS Organizations is asked at each run' };
  return { from, count: 1, note: 'counted as one, as nobody is asked here: say how many with --accounts-count' };
}
