// SPDX-License-Identifier: Apache-2.0
import { LedgerError } from '../ledger/ledger-store.ts';
import type { SealedHome } from '../runtime/home.ts';
import { openSealedHome } from '../runtime/home-opening.ts';
import { type HomeOptions, placeOf } from './home-command.ts';
import { keptText } from './kept-checkpoint.ts';
import { printJson, type Terminal } from './terminal.ts';

/** `aims checkpoint`: the newest checkpoint and the verifier key, to be kept where this home's owner cannot change them. */
export async function checkpoint(terminal: Terminal, options: HomeOptions): Promise<void> {
  const home = await openSealedHome(await placeOf(terminal, options));
  const found = await newestOf(home).finally(() => home.close());
  if (options.json) {
    printJson(terminal, found);
    return;
  }
  // Both go to stdout, so that `aims checkpoint > kept.txt` keeps all that `aims verify --checkpoint kept.txt` needs.
  terminal.stdout.write(keptText({ note: found.checkpoint, verifierKeys: found.verifierKeys }));
  terminal.stderr.write("keep this where the home's owner cannot change it, and check the home with: aims verify --checkpoint FILE\n");
}

interface Newest {
  readonly size: number;
  readonly checkpoint: string;
  /** The key in use; `verifierKeys` has the one that it replaces too. */
  readonly verifierKey: string;
  readonly verifierKeys: readonly string[];
}

async function newestOf(home: SealedHome): Promise<Newest> {
  const newest = await home.ledger.newestCheckpoint();
  if (newest === null) throw new LedgerError('LEDGER_CHECKPOINT_INVALID', 'nothing was sealed yet: collect first');
  const verifierKeys = await home.verifierKeys();
  return { size: newest.size, checkpoint: newest.note, verifierKey: verifierKeys[0], verifierKeys };
}
