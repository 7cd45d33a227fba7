// SPDX-License-Identifier: Apache-2.0
import { at, type Json, type JsonObject, member } from '../../evidence/json.ts';
import type { Resource } from '../../evidence/observation.ts';
import { type CallName, eachCall } from './call-name.ts';
import type { NamedResource } from './named-resources.ts';
import { addResource, arnOf, type Place, typeOfArn } from './resource-arn.ts';

/** Of a list in a record so many entries are read: enough for what AWS takes in one call but for a few, and little enough for any record. */
export const mostEntries = 100;

/** A `CallName` made ready for many records. */
interface CallReader {
  readonly steps: readonly { readonly member: string; readonly isList: boolean }[];
  /** Paths of the names in what the steps lead to; none where that is itself the name. */
  readonly names: readonly (readonly string[])[];
  readonly resource: NamedResource;
  readonly only: RegExp | undefined;
}

/** How the calls of one service name resources: by call, and those that no entry is for. */
export interface CallReaders {
  readonly byCall: ReadonlyMap<Json | undefined, readonly CallReader[]>;
  readonly others: readonly CallReader[];
}

/** Makes the entries of one service ready. */
export function callReaders(names: readonly CallName[]): CallReaders {
  const rows = names.map((name) => ({ calls: new Set(name[0].split(' ')), reader: readerOf(name) }));
  const readersOf = (call: string) => rows.filter(({ calls }) => calls.has(call) || calls.has(eachCall)).map(({ reader }) => reader);
  const named = new Set(rows.flatMap(({ calls }) => [...calls]));
  return { byCall: new Map([...named].map((call) => [call, readersOf(call)])), others: readersOf(eachCall) };
}

function readerOf([, where, resource, only]: CallName): CallReader {
  const [path = '', joined] = where.split('(');
  const steps = path
    .split('.')
    .filter((step) => step !== '')
    .map((step) => ({ member: step.replace('[]', ''), isList: step.endsWith('[]') }));
  const names = joined?.replace(')', '').split(' ') ?? (steps.at(-1)?.isList === false ? [steps.pop()?.member ?? ''] : []);
  return { steps, names: names.map((name) => name.split('.')), resource, only };
}

interface Reading {
  readonly found: Resource[];
  readonly reader: CallReader;
  /** The answer or the request as a whole. */
  readonly root: Json | undefined;
  readonly place: Place;
}

/** Adds the resources that the answer and the request of a call name in ways of its own. */
export function addCalled(found: Resource[], { byCall, others }: CallReaders, detail: JsonObject, place: Place): void {
  const root = detail['requestParameters'];
  for (const reader of byCall.get(detail['eventName']) ?? others) {
    if (reader.steps.length > 0 || reader.names.length > 0) {
      const answer = detail['responseElements'];
      walk(answer, 0, { found, reader, root: answer, place });
      walk(root, 0, { found, reader, root, place });
    } else if (found.length === 0 && detail['errorCode'] === undefined) {
      // Of a refused call AWS may leave out the request, and with it what it was about.
      addName('', undefined, { found, reader, root, place });
    }
  }
}

function walk(here: Json | undefined, depth: number, reading: Reading): void {
  const step = reading.reader.steps[depth];
  const next = step === undefined ? undefined : member(here, step.member);
  if (step === undefined) take(here, reading);
  else if (!step.isList) walk(next, depth + 1, reading);
  else if (Array.isArray(next)) for (const entry of next.slice(0, mostEntries)) walk(entry, depth + 1, reading);
}

function take(here: Json | undefined, reading: Reading): void {
  const { names } = reading.reader;
  const parts = names.length === 0 ? [here] : names.map((path) => at(here, ...path));
  if (parts.every((part) => typeof part === 'string' && part !== '')) addName(parts.join('/'), here, reading);
}

function addName(value: string, holder: Json | undefined, { found, reader, root, place }: Reading): void {
  const { resource, only } = reader;
  const [type, form] = resource;
  if (value.startsWith('arn:')) {
    addResource(found, value, type === '' ? typeOfArn(value) : type);
    return;
  }
  const name = only === undefined ? value : only.exec(value)?.[1];
  if (name === undefined || form === '') return;
  // A name alone says no more than the ARN beside it.
  if (form === '*' && found.some((one) => one.type === type)) return;
  const owner = form.startsWith('glue:') ? ownerOfCatalog(holder, root, place) : place;
  if (owner !== undefined) addResource(found, arnOf(resource, name, owner), type);
}

/** The account of the Data Catalog that a call is about: its id is that of its account, and a catalog within one has another form of ARN. */
function ownerOfCatalog(holder: Json | undefined, root: Json | undefined, place: Place): Place | undefined {
  const id = member(holder, 'catalogId') ?? member(holder, 'tableCatalogId') ?? member(root, 'catalogId');
  if (typeof id !== 'string' || id === place.account) return place;
  return /^\d{12}$/.test(id) ? { ...place, account: id } : undefined;
}
