// SPDX-License-Identifier: Apache-2.0
import type { NamedResource } from './named-resources.ts';

/**
 * A resource that calls name deeper than in a string member, or by a member that other calls of the service use for something else.
 * `where` is a path of members, read in the answer and in the request: `[]` after one stands for each entry of a list, `(a b)` for
 * names that the ARN joins by `/`, and '' says that the call is about the one such thing an account has. `only` restricts the values;
 * its first group is the name. A resource whose form is '' is taken only where AWS gives its ARN.
 */
export type CallName = readonly [calls: string, where: string, resource: NamedResource, only?: RegExp];

/** Stands for each call of a service. */
export const eachCall = '*';
