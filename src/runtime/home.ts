// SPDX-License-Identifier: Apache-2.0
import type { EvidenceIndex } from '../evidence-index/evidence-index.ts';
import type { LedgerStore } from '../ledger/ledger-store.ts';
import type { Vault } from '../vault/vault.ts';

/** Whether a home holds evidence of real accounts or of the sample account; it never holds both. */
export type HomeKind = 'real' | 'sample';

/** Where a home is: a directory, or a stack deployed to AWS. */
export type HomePlace = DirectoryPlace | StackPlace;

/** A home in a directory; an absolute path. */
export interface DirectoryPlace {
  readonly in: 'directory';
  readonly directory: string;
}

/** A home in a deployed CloudFormation stack. Without profile and Region those of the environment are used. */
export interface StackPlace {
  readonly in: 'aws';
  readonly stack: string;
  readonly profile?: string;
  readonly region?: string;
}

/** What verifying must know of where a home's segments lie. */
export interface SegmentStore {
  /** Segments worth reading at once. Absent: as many as hide a disk. */
  readonly readsAtOnce?: number;
  /** Days that segments are kept; those written earlier may be lawfully gone. Null: none ever is. */
  readonly retentionDays: number | null;
}

/** The sealed part of a home, which is all that verifying needs: a damaged index or a missing secret is no hindrance. */
export interface SealedHome {
  /** For people: the directory, or `aws:STACK`. */
  readonly name: string;
  readonly vault: Vault;
  readonly segments: SegmentStore;
  readonly ledger: LedgerStore;
  /** For people: where `verifierKeys` come from, such as the path of a key file. */
  readonly keysFrom: string;
  /** C2SP verifier keys of the ledger: the one in use first, then one that it replaces. Throws HOME_KEY_ABSENT for a copy without its key file. */
  verifierKeys(): Promise<readonly [string, ...string[]]>;
  /** Lets go of what was opened. */
  close(): Promise<void>;
}

/** A home opened for reading, wherever it is. */
export interface Home extends SealedHome {
  readonly kind: HomeKind;
  readonly index: EvidenceIndex;
  /** Whether the index knows nothing of what the vault holds. A directory is not opened then; a deployed home may be about to take it in. */
  isIndexLost(): Promise<boolean>;
  /** Ids of the sources that the home collects; null where only the configuration knows. */
  readonly sources: readonly string[] | null;
  /** When a kept checkpoint was stored, by the store's own clock, ISO 8601 UTC; null where that cannot be told. */
  storedAt(checkpoint: { readonly size: number; readonly note: string }): Promise<string | null>;
  /** What waits in the home's queues; null for a home without queues. */
  queues(): Promise<readonly QueueState[] | null>;
}

/** One queue of a source, or of the home itself (`source` is then what it belongs to), and its dead letters. Counts are SQS's approximate ones, null where they could not be read. */
export interface QueueState {
  readonly source: string;
  /** Planned runs, events in near real time, notices of new segments, or only what failed to the end. */
  readonly of: 'runs' | 'events' | 'notices' | 'failures';
  readonly waiting: number | null;
  readonly inFlight: number | null;
  readonly deadLetters: number | null;
  /** Why a count could not be read; null where all could. */
  readonly problem: string | null;
}
