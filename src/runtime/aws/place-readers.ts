// SPDX-License-Identifier: Apache-2.0
import type { PlanTarget } from '../../collect/plan-collection.ts';
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { isBelow } from '../../sources/report/named-places.ts';
import type { Scope, Source } from '../../sources/source.ts';
import type { Configuration, Place as S3Place } from '../deployment/configuration-schema.ts';
import { placesOf } from '../deployment/source-grants.ts';
import type { Place } from './function-settings.ts';
import { plannedRegions } from './plan-targets.ts';

type Settings = Pick<Configuration, 'accounts' | 'regions' | 'reportLocations' | 'trailBuckets'>;
type Target = Pick<PlanTarget, 'account' | 'region'>;

/** What a deployment says of places in S3. */
interface Named {
  readonly configuration: Configuration;
  readonly kind: 'real' | 'sample';
}

/** What a scope is told of places in S3. */
type ScopePlaces = Pick<Scope, 'reportLocations' | 'trailLocations' | 'namedPlaces'>;

/** The places of all scopes of a source, as events may be of any of them. */
export function everyPlace(source: Pick<Source, 'id'>, { configuration, kind }: Named): ScopePlaces {
  return {
    reportLocations: locationsOf(configuration.reportLocations),
    trailLocations: locationsOf(configuration.trailBuckets),
    // The sample account is served whole: nothing limits what is read of it.
    ...(kind === 'real' ? { namedPlaces: locationsOf(placesOf(source, configuration)) } : {}),
  };
}

/**
 * The places of one run. Log files say themselves whose they are; a report location does not, so the runs of one account and Region read it
 * and no others: read by all, its reports would be fetched once for each of them.
 */
export function scopePlaces(
  source: Pick<Source, 'id' | 'objects'>,
  target: Target,
  { home, ...named }: Named & { readonly home: Place },
): ScopePlaces & Pick<Scope, 'plannedRegions'> {
  const { configuration } = named;
  const readsReports = source.objects?.below === 'reportLocations';
  const mine = configuration.reportLocations.filter((place) => isSame(readerOf(place, configuration, home), target));
  return {
    ...everyPlace(source, named),
    reportLocations: readsReports ? locationsOf(mine) : [],
    plannedRegions: plannedRegions(configuration, home),
  };
}

function locationsOf(places: readonly S3Place[]): readonly string[] {
  return places.map(({ location }) => location);
}

/** Whose runs list the report location that an object lies in; null where the configuration names none. */
export function readerOfObject(uri: string, configuration: Settings, home: Place): Target | null {
  const place = configuration.reportLocations.find(({ location }) => isBelow(uri, [location]));
  return place === undefined ? null : readerOf(place, configuration, home);
}

/** Whose runs list a report location: those of the account that it names, in the home's Region where that is read. */
function readerOf({ account }: S3Place, { accounts, regions }: Pick<Settings, 'accounts' | 'regions'>, home: Place): Target {
  const listed = Array.isArray(accounts) && !accounts.includes(home.account) ? accounts[0] : undefined;
  const planned = plannedRegions({ regions }, home);
  const region = planned.includes(home.region) ? home.region : planned[0];
  return { account: account ?? listed ?? home.account, region: region ?? home.region };
}

/** Whether log files of an account and Region are wanted. Of an organisation, only the planner knows the accounts: all of its files are. */
export function isPlanned({ accounts, regions }: Pick<Settings, 'accounts' | 'regions'>, home: Place, owner: Target): boolean {
  if (!plannedRegions({ regions }, home).includes(owner.region)) return false;
  if (!Array.isArray(accounts)) return true;
  return (accounts.length === 0 ? [home.account] : accounts).includes(owner.account);
}

/** Report locations that no run lists, as the account that should is not among those that are read. */
export function unreadPlaceGaps(configuration: Settings, home: Place, targets: readonly Target[]): readonly Gap[] {
  return configuration.reportLocations.flatMap((place) => {
    const reader = readerOf(place, configuration, home);
    return targets.some((target) => isSame(target, reader)) ? [] : [unreadGap(place.location, reader.account)];
  });
}

function unreadGap(location: string, account: string): Gap {
  return {
    reason: 'not-configured',
    extent: 'scope',
    what: location,
    message: gapMessage(
      `Nobody lists ${location}: it is for account ${account}, which is not collected from.`,
      'name in `reportLocations` the account that shall, as `{ location, account }`',
    ),
    code: 'REPORT_LOCATION_UNREAD',
    detail: { location, account },
  };
}

function isSame(one: Target, other: Target): boolean {
  return one.account === other.account && one.region === other.region;
}
