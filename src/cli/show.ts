// SPDX-License-Identifier: Apache-2.0
import { loadPack } from '../catalog/pack-file.ts';
import { recordLeafHash } from '../evidence/leaf.ts';
import { LedgerError } from '../ledger/ledger-store.ts';
import { proveRecord } from '../ledger/proofs.ts';
import { type RecordProof, verifyRecordProof } from '../ledger/verify-proof.ts';
import type { Home } from '../runtime/home.ts';
import { HomeError, UsageError } from '../runtime/home-error.ts';
import { readRecord } from '../runtime/read-record.ts';
import { type HomeOptions, withHome } from './home-command.ts';
import { print, printJson, type Terminal } from './terminal.ts';

/** `aims show ID`: one record with its raw answer, what it claims and why, and the proof that it is sealed. */
export async function show(terminal: Terminal, id: string, options: HomeOptions): Promise<void> {
  const found = await withHome(terminal, options, (home) => showRecord(home, id));
  if (options.json) {
    printJson(terminal, found);
    return;
  }
  const { core, subjects } = found.record;
  print(terminal, `${core.id}  ${core.kind} from ${core.source}`, subjects.title, '');
  print(
    terminal,
    `account ${core.account || '-'}, Region ${core.region || '-'}, occurred ${core.occurredAt ?? 'unknown'}, collected ${core.collectedAt} by run ${core.run}`,
  );
  print(
    terminal,
    ...subjects.resources.map(({ arn, type }) => `about ${arn} (${type})`),
    ...subjects.aiSystems.map((name) => `AI system ${name}`),
  );
  print(
    terminal,
    '',
    ...found.mapping.map((claim) => `${claim.control}  ${claim.strength} ${claim.polarity}  ${claim.rule}\n    ${claim.why}`),
  );
  if (found.mapping.length === 0) print(terminal, 'claims nothing');
  print(terminal, '', JSON.stringify(found.record.raw, null, 2), '');
  if (found.proof === null) print(terminal, 'not sealed yet: run a collection');
  else
    print(
      terminal,
      `proof: line ${found.line + 1} of ${found.segment}, leaf ${found.proof.ledger.index} of the ledger: ${proofWords(found.proofHolds)}`,
    );
}

function proofWords(holds: boolean | null): string {
  if (holds === null) return 'not checked, as this copy of the home has no signing.key; `aims verify --key KEY` checks all';
  return holds ? 'holds' : 'DOES NOT HOLD';
}

async function showRecord(home: Home, id: string) {
  const full = await fullId(home, id);
  const entry = await home.index.entry(full);
  if (entry === null) throw unknown(id);
  const { record, segment, line, lines } = await readRecord(home.vault, entry);
  const rules = new Map(loadPack().rules.map((rule) => [rule.id, rule]));
  const mapping = record.core.controls.map((claim) => ({
    ...claim,
    why: rules.get(claim.rule)?.why ?? 'the rule is not in the pack that is loaded now',
  }));
  const proof = await proofOf(home, { key: segment, index: line });
  const keys = await keysOf(home);
  if (keys === null) return { record, mapping, segment, line, proof, proofHolds: null, verifierKey: null };
  const proofHolds = proof !== null && verifyRecordProof(recordLeafHash(lines[line] ?? ''), proof, keys).problems.length === 0;
  return { record, mapping, segment, line, proof, proofHolds, verifierKey: keys[0] };
}

/** Null for a copy of a home that has no key: its records can be read, and whether a proof holds cannot be said. */
async function keysOf(home: Home): Promise<readonly [string, ...string[]] | null> {
  try {
    return await home.verifierKeys();
  } catch (error) {
    if (error instanceof HomeError && error.code === 'HOME_KEY_ABSENT') return null;
    throw error;
  }
}

/** Null for a record that is in no signed tree yet: the collection that took it is under way, or was killed. */
async function proofOf(home: Home, place: { readonly key: string; readonly index: number }): Promise<RecordProof | null> {
  try {
    return await proveRecord({ vault: home.vault, store: home.ledger }, place);
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'LEDGER_LEAF_ABSENT') return null;
    throw error;
  }
}

/** The one id that starts so. Throws RECORD_UNKNOWN for none and for several. */
async function fullId(home: Home, id: string): Promise<string> {
  if (!/^[0-9a-f]{4,64}$/.test(id))
    throw new UsageError('RECORD_UNKNOWN', `${id} is no record id: write at least four of its 64 hex digits`);
  const found = await home.index.idsWithPrefix(id, 3);
  if (found.length > 1)
    throw new UsageError('RECORD_UNKNOWN', `${id} is the beginning of more than one id: ${found.join(', ')}, …; write more of it`);
  const [only] = found;
  if (only === undefined) throw unknown(id);
  return only;
}

function unknown(id: string): UsageError {
  return new UsageError('RECORD_UNKNOWN', `no record ${id} in this home; list what there is with \`aims evidence\``);
}
