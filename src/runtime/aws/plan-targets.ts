// SPDX-License-Identifier: Apache-2.0
import type { AccountListing, PlanTarget } from '../../collect/plan-collection.ts';
import type { Gap } from '../../evidence/gap.ts';
import type { Configuration } from '../deployment/configuration-schema.ts';
import type { Place } from './function-settings.ts';

/** Asks AWS Organizations which accounts are active, and what it does not tell. */
export type ListAccounts = (
  accounts: Exclude<Configuration['accounts'], readonly string[]>,
) => Promise<{ readonly accounts: readonly string[]; readonly gaps: readonly Gap[] }>;

/** Where to collect from. */
export interface PlanTargets {
  readonly targets: readonly PlanTarget[];
  readonly listing: AccountListing | null;
}

/** Every account and Region to collect from, as the configuration and, where it says so, the organisation have it now. */
export async function planTargets(
  configuration: Pick<Configuration, 'accounts' | 'regions'>,
  place: Place,
  listAccounts: ListAccounts,
): Promise<PlanTargets> {
  const { accounts } = configuration;
  const { partition } = place;
  const targetsIn = (chosen: readonly string[]) =>
    chosen.flatMap((account) => plannedRegions(configuration, place).map((region) => ({ partition, account, region })));
  if (Array.isArray(accounts)) return { targets: targetsIn(accounts.length === 0 ? [place.account] : accounts), listing: null };
  const listed = await listAccounts(accounts);
  return { targets: targetsIn(listed.accounts), listing: { askedFrom: place, gaps: listed.gaps } };
}

/** Regions that are read in every account: the configured ones, or the home's own. */
export function plannedRegions({ regions }: Pick<Configuration, 'regions'>, place: Place): readonly string[] {
  return regions.length === 0 ? [place.region] : regions;
}
