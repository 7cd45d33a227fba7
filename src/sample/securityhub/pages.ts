// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import { arrayAt, isJsonObject, type Json, type JsonObject, numberAt, stringAt } from '../../evidence/json.ts';
import { FilterRefused, type FindingFilter } from './filters.ts';
import type { PlacedFinding, Population } from './population.ts';

/** What one page of findings is made of. */
export interface PageRequest {
  readonly population: Population;
  readonly filter: FindingFilter;
  /** The request's body: page size, order, token. */
  readonly body: Json | undefined;
  /** The attribute that the sample can sort by. */
  readonly sortField: string;
  write(placed: PlacedFinding): JsonObject;
}

/** One page of findings; throws FilterRefused for an order, page size or token that AWS would refuse. */
export function findingsPage({ population, filter, body, sortField, write }: PageRequest): JsonObject {
  const limit = numberAt(body, 'MaxResults') ?? 100;
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) throw new FilterRefused('Invalid parameter: MaxResults is 1 to 100');
  const isDescending = isDescendingOrder(body, sortField);
  const token = tokenKey(body);
  const start = startOf(stringAt(body, 'NextToken'), token);
  const first = isDescending ? 0 : population.indexFrom(filter.from);
  const Findings: JsonObject[] = [];
  let index = Math.max(start, first);
  for (; index < population.size && Findings.length < limit; index++) {
    const finding = write(population.at(isDescending ? population.size - 1 - index : index));
    if (filter.matches(finding)) Findings.push(finding);
  }
  return { Findings, ...(index < population.size && { NextToken: Buffer.from(`${token}:${index}`).toString('base64url') }) };
}

function isDescendingOrder(body: Json | undefined, sortField: string): boolean {
  const criteria = arrayAt(body, 'SortCriteria');
  for (const one of criteria) {
    const field = stringAt(one, 'Field');
    if (field !== sortField) throw new FilterRefused(`Invalid parameter: SortCriteria, the sample account sorts by ${sortField} only`);
  }
  return stringAt(criteria[0], 'SortOrder') !== 'asc';
}

/** A token is good for the very query it came from. */
function tokenKey(body: Json | undefined): string {
  if (!isJsonObject(body)) return hash('sha256', '');
  const { NextToken: _, ...query } = body;
  return hash('sha256', JSON.stringify(query)).slice(0, 16);
}

function startOf(nextToken: string | undefined, key: string): number {
  if (nextToken === undefined) return 0;
  const [tokenFor, index] = Buffer.from(nextToken, 'base64url').toString('utf8').split(':');
  const start = Number(index);
  if (tokenFor !== key || !Number.isInteger(start))
    throw new FilterRefused('Invalid parameter: NextToken is not of this query or has expired');
  return start;
}
