// SPDX-License-Identifier: Apache-2.0
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EvidenceVault, type EvidenceVaultProps } from '../constructs/evidence-vault.ts';

export interface AimsEvidenceStackProps extends StackProps {
  readonly vault?: EvidenceVaultProps;
}

/** What one deployment consists of. Today that is the vault. */
export class AimsEvidenceStack extends Stack {
  readonly vault: EvidenceVault;

  constructor(scope: Construct, id: string, props: AimsEvidenceStackProps = {}) {
    super(scope, id, { description: 'AIMS Evidence: evidence that an AI management system works', terminationProtection: true, ...props });
    this.vault = new EvidenceVault(this, 'Vault', props.vault);
    new CfnOutput(this, 'VaultBucket', { value: this.vault.bucket.bucketName, description: 'Bucket that holds the evidence' });
  }
}
