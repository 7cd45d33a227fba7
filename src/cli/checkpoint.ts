// SPDX-License-Identifier: Apache-2.0
import { LedgerError } from '../ledger/ledger-store.ts';
import type { SealedHome } from '../runtime/home.ts';
import { openSealedHome } from '../runtime/home-opening.ts';
import { type HomeOptions, placeOf } from './home-command.ts';
import { printJson, type Terminal } from './terminal.ts';

/** `aims checkpoint`: the newest checkpoint and the verifier key, to be kept where this home's owner cannot change them. */
export async function checkpoint(terminal: Terminal, options: HomeOptions): Promise<void> {
  const home = await openSealedHome(await placeOf(terminal, options));
  const found = await newestOf(home).finally(() => home.close());
  if (options.json) {
    printJson(terminal, found);
    return;
  }
  // The note alone goes to stdout, so that `aims checkpoint > kept.txt` is a file for `aims verify --checkpoint kept.txt`.
  terminal.stdout.write(found.checkpoint);
  terminal.stderr.write(
    `verifier key: ${found.verifierKey}\nkeep both elsewhere: aims verify --checkpoint FILE --key '${found.verifierKey}'\n`,
  );
}

async function newestOf(home: SealedHome): Promise<{ readonly size: number; readonly checkpoint: string; readonly verifierKey: string }> {
  const newest = await home.ledger.newestCheckpoint();
  if (newest === null) throw new LedgerError('LEDGER_CHECKPOINT_INVALID', 'nothing was sealed yet: collect first');
  const [verifierKey] = await home.verifierKeys();
  return { size: newest.size, checkpoint: newest.note, verifierKey };
}
