// SPDX-License-Identifier: Apache-2.0
import type { Source } from '../../sources/source.ts';
import type { Configuration } from '../deployment/configuration-schema.ts';
import { placesOf } from '../deployment/source-grants.ts';
import type { MemberAccess } from './account-access.ts';
import { clientConfig } from './deployed.ts';
import { type MemberSession, openMemberSession } from './member-session.ts';

/** Reads member accounts by the role that each of them lends; one session for an account, however many Regions of it are read. */
export function memberAccess(source: Source, configuration: Configuration): MemberAccess {
  const sessions = new Map<string, Extract<MemberSession, { readonly readAs: string }>>();
  const { roleName, externalId } = configuration.member;
  return async ({ partition, account, region }) => {
    const held = sessions.get(account);
    const places = placesOf(source, configuration);
    const session = held ?? (await openMemberSession({ partition, account, roleName, externalId, source, places, clientConfig }));
    // A refusal is not kept: the role may be deployed a minute later.
    if ('gap' in session) return session;
    sessions.set(account, session);
    const { credentials, readAs } = session;
    return { readAs, connection: { region, clientConfig: { ...clientConfig, region, credentials }, channel: 'api' } };
  };
}
