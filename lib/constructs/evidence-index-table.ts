// SPDX-License-Identifier: Apache-2.0
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

export interface EvidenceIndexTableProps {
  /** A table that an earlier deployment left standing. */
  readonly adoptTableName?: string;
  /** Deleted with the stack. */
  readonly isDisposable?: boolean;
}

/** The table of the evidence index and of the ledger's head: paid by use, restorable to any second of 35 days. */
export class EvidenceIndexTable extends Construct {
  readonly table: ITable;

  constructor(scope: Construct, id: string, props: EvidenceIndexTableProps = {}) {
    super(scope, id);
    const { adoptTableName, isDisposable = false } = props;
    const table = adoptTableName === undefined ? createTable(this, isDisposable) : Table.fromTableName(this, 'Adopted', adoptTableName);
    // `grantOnKey` and others are `| undefined` in Table and optional in ITable: one thing for everyone but `exactOptionalPropertyTypes`.
    this.table = table as ITable;
  }
}

function createTable(scope: Construct, isDisposable: boolean): Table {
  return new Table(scope, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: !isDisposable,
    // The index can be made again from the vault; the head of the ledger cannot be made again before checkpoints are found.
    removalPolicy: isDisposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  });
}
