// SPDX-License-Identifier: Apache-2.0

/** Signs checkpoints with an Ed25519 key that never leaves it. */
export interface Signer {
  /** Key name of the signed note, such as `aims-evidence/3f2a…`. */
  readonly name: string;
  /** C2SP verifier key (`name+hash+base64`): what an auditor keeps. */
  readonly verifierKey: string;
  /** The Ed25519 signature (64 bytes) over the note text. Throws LEDGER_KEY_UNREADABLE when the key cannot be used. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}
