// SPDX-License-Identifier: Apache-2.0
import {
  type Account,
  ListAccountsCommand,
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { type Gap, gapMessage } from '../../evidence/gap.ts';
import { remedyOf } from '../../sources/gap-remedy.ts';
import { gapOfFailure, readFailure } from '../../sources/source-error.ts';

/** Accounts of the organisation, or of some of its units with all units below them. */
export type AskedAccounts = { readonly organization: true } | { readonly organizationalUnits: readonly string[] };

/** The accounts to read, in order of id, and what could not be told. */
export interface OrganizationAccounts {
  readonly accounts: readonly string[];
  readonly gaps: readonly Gap[];
}

// `Status` was retired on 2026-09-09 in favour of `State`: https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html.
const knownStates: ReadonlySet<string> = new Set(['ACTIVE', 'CLOSED', 'PENDING_ACTIVATION', 'PENDING_CLOSURE', 'SUSPENDED']);

/** Asks AWS Organizations which accounts are active. A list that breaks off and an account in an unknown state are gaps, never silence. */
export async function organizationAccounts(
  clientConfig: Readonly<Record<string, unknown>>,
  asked: AskedAccounts,
): Promise<OrganizationAccounts> {
  const client = new OrganizationsClient(clientConfig);
  const reader = new AccountReader(client);
  try {
    if ('organization' in asked) await reader.readAll();
    else for (const unit of asked.organizationalUnits) await reader.readUnit(unit);
  } finally {
    client.destroy();
  }
  return { accounts: [...reader.accounts].sort(), gaps: reader.gaps };
}

interface Page {
  readonly NextToken?: string | undefined;
}

class AccountReader {
  readonly accounts = new Set<string>();
  readonly gaps: Gap[] = [];
  readonly #client: OrganizationsClient;
  /** A unit may be named beside the one that holds it. */
  readonly #units = new Set<string>();

  constructor(client: OrganizationsClient) {
    this.#client = client;
  }

  async readAll(): Promise<void> {
    await this.#pages('ListAccounts', 'the organisation', async (NextToken) => {
      const page = await this.#client.send(new ListAccountsCommand({ NextToken }));
      this.#take(page.Accounts ?? []);
      return page;
    });
  }

  async readUnit(ParentId: string): Promise<void> {
    if (this.#units.has(ParentId)) return;
    this.#units.add(ParentId);
    await this.#pages('ListAccountsForParent', ParentId, async (NextToken) => {
      const page = await this.#client.send(new ListAccountsForParentCommand({ ParentId, NextToken }));
      this.#take(page.Accounts ?? []);
      return page;
    });
    const below: string[] = [];
    await this.#pages('ListOrganizationalUnitsForParent', ParentId, async (NextToken) => {
      const page = await this.#client.send(new ListOrganizationalUnitsForParentCommand({ ParentId, NextToken }));
      below.push(...(page.OrganizationalUnits ?? []).flatMap(({ Id }) => Id ?? []));
      return page;
    });
    for (const unit of below) await this.readUnit(unit);
  }

  // A page may be empty and still have another after it: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html.
  async #pages(operation: string, what: string, read: (token: string | undefined) => Promise<Page>): Promise<void> {
    let token: string | undefined;
    try {
      do {
        const { NextToken } = await read(token);
        token = NextToken === token || NextToken === '' ? undefined : NextToken;
      } while (token !== undefined);
    } catch (error) {
      const failure = readFailure(error);
      const gap = gapOfFailure(`organizations:${operation}`, failure);
      const happened = `The accounts of ${what} are not known, so those that no other answer named are not read. Organizations said: ${failure.message}`;
      const message = gapMessage(
        happened,
        `${remedyOf(gap.what, failure, gap.reason)} (only the management account or a delegated administrator may ask)`,
      );
      this.gaps.push({ ...gap, message, detail: { ...gap.detail, parent: what } });
    }
  }

  #take(accounts: readonly Account[]): void {
    for (const { Id, State } of accounts) {
      if (Id === undefined) continue;
      if (State === 'ACTIVE') this.accounts.add(Id);
      else if (State === undefined || !knownStates.has(State)) this.gaps.push(unknownState(Id, State));
    }
  }
}

function unknownState(account: string, state: string | undefined): Gap {
  return {
    reason: 'unsupported',
    extent: 'scope',
    what: `account ${account}`,
    message: gapMessage(
      `Organizations gives account ${account} ${state === undefined ? 'no state' : `the state ${state}`}, which is not known here: it is not read.`,
      'name it in `accounts` to read it all the same',
    ),
    code: 'ACCOUNT_STATE_UNKNOWN',
    detail: { account, state: state ?? null },
  };
}
