// SPDX-License-Identifier: Apache-2.0
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key, type KeyProps, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { functionRolePath } from '../../src/runtime/deployment/role-names.ts';

export interface EvidenceKeysProps {
  /** Makes a key of its own for the vault's objects. */
  readonly hasVaultKey?: boolean;
  /** Keys that an earlier deployment left standing, by ARN. */
  readonly adopt?: { readonly signingKeyArn: string; readonly secretKeyArn: string; readonly vaultKeyArn?: string | undefined };
  /** Which signing key of the stack is in use, from 1; the first is the adopted one where keys are adopted. Earlier ones stay in KMS. */
  readonly signingKeyNumber?: number | undefined;
  /** The signing key that was replaced, until the first checkpoint with the new one is signed. */
  readonly previousSigningKeyArn?: string | undefined;
  /** Deleted with the stack. */
  readonly isDisposable?: boolean;
}

/** The keys of a home: one signs checkpoints, one derives the secret that blinds ids, one may encrypt the vault. None can leave KMS. */
export class EvidenceKeys extends Construct {
  readonly signingKey: IKey;
  readonly previousSigningKey: IKey | undefined;
  readonly secretKey: IKey;
  readonly vaultKey: IKey | undefined;

  constructor(scope: Construct, id: string, props: EvidenceKeysProps = {}) {
    super(scope, id);
    const { adopt, previousSigningKeyArn, signingKeyNumber = 1, isDisposable = false } = props;
    const keyOf = (name: string, arn: string | undefined, settings: KeyProps): IKey =>
      arn === undefined ? createKey(this, name, settings, isDisposable) : Key.fromKeyArn(this, name, arn);
    // Another id is another key: CloudFormation makes the new one and lets go of the old one, which is retained.
    this.signingKey =
      signingKeyNumber === 1 ? keyOf('Signing', adopt?.signingKeyArn, signing) : keyOf(`Signing${signingKeyNumber}`, undefined, signing);
    this.secretKey = keyOf('Secret', adopt?.secretKeyArn, secret);
    this.previousSigningKey =
      previousSigningKeyArn === undefined ? undefined : Key.fromKeyArn(this, 'PreviousSigning', previousSigningKeyArn);
    const isVaultKeyed = adopt === undefined ? props.hasVaultKey === true : adopt.vaultKeyArn !== undefined;
    this.vaultKey = isVaultKeyed ? keyOf('Vault', adopt?.vaultKeyArn, vault) : undefined;
  }
}

const signing: KeyProps = {
  description: 'AIMS Evidence: signs checkpoints of the ledger',
  // Signs as RFC 8032 says, so that a checkpoint verifies exactly as one of a laptop does.
  keySpec: KeySpec.ECC_NIST_EDWARDS25519,
  keyUsage: KeyUsage.SIGN_VERIFY,
};
const secret: KeyProps = {
  description: 'AIMS Evidence: the secret that blinds ids and salts is derived from it',
  keySpec: KeySpec.HMAC_256,
  keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
};
const vault: KeyProps = { description: 'AIMS Evidence: encrypts the vault', enableKeyRotation: true };

function createKey(scope: Construct, id: string, settings: KeyProps, isDisposable: boolean): Key {
  const key = new Key(scope, id, {
    ...settings,
    removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    pendingWindow: Duration.days(isDisposable ? 7 : 30),
  });
  key.addToResourcePolicy(refuseLoss(scope));
  return key;
}

// By the path of our roles and not by their names, so that it holds for the roles of a later deployment too.
function refuseLoss(scope: Construct): PolicyStatement {
  const { partition, account } = Stack.of(scope);
  return new PolicyStatement({
    sid: 'RefuseLossByFunctions',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'],
    resources: ['*'],
    conditions: { ArnLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role${functionRolePath}*` } },
  });
}
