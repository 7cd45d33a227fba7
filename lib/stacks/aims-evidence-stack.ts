// SPDX-License-Identifier: Apache-2.0
import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { functionRoles } from '../../src/runtime/deployment/function-roles.ts';
import { pascalCase } from '../../src/runtime/deployment/pascal-case.ts';
import { queueName } from '../../src/runtime/deployment/queue-names.ts';
import { type Declarations, deployedSources, noDeclarations } from '../../src/runtime/deployment/source-declarations.ts';
import { CollectionPlanner } from '../constructs/collection-planner.ts';
import { EvidenceAlarms } from '../constructs/evidence-alarms.ts';
import type { EvidenceFunction } from '../constructs/evidence-function.ts';
import { EvidenceIndexTable } from '../constructs/evidence-index-table.ts';
import { EvidenceKeys } from '../constructs/evidence-keys.ts';
import { EvidenceProjector } from '../constructs/evidence-projector.ts';
import type { EvidenceQueue } from '../constructs/evidence-queue.ts';
import { EvidenceSealer } from '../constructs/evidence-sealer.ts';
import { EvidenceTopic } from '../constructs/evidence-topic.ts';
import { EvidenceVault } from '../constructs/evidence-vault.ts';
import { ForwardedEvents } from '../constructs/forwarded-events.ts';
import { FunctionCode } from '../constructs/function-code.ts';
import { SelfAudit } from '../constructs/self-audit.ts';
import { SourceCollector } from '../constructs/source-collector.ts';
import { TamperAlerts } from '../constructs/tamper-alerts.ts';
import type { EvidenceHome } from '../evidence-home.ts';
import { type ConfigurationInput, parseConfiguration } from '../parse-configuration.ts';
import { readsOtherAccounts } from '../reads-other-accounts.ts';
import { shippedFunctions } from '../shipped-functions.ts';
import { type OperatedQueues, writeOutputs } from './write-outputs.ts';

export interface AimsEvidenceStackProps extends StackProps {
  /** As `aims.config.*`; what is left out has its default. */
  readonly configuration?: ConfigurationInput;
  /** Scope of AI systems, thresholds and approvals: the dated files. */
  readonly declarations?: Declarations;
  /** Folder of the functions' bundles, if not those that are shipped. */
  readonly functions?: string;
  /** Reads the sample account, served at this address, and not AWS: for tests of a deployment. */
  readonly sampleEndpoint?: string | undefined;
}

/** One deployment: collects on schedule, keeps, indexes, seals and watches. */
export class AimsEvidenceStack extends Stack {
  readonly home: EvidenceHome;
  readonly collectors: readonly SourceCollector[];

  constructor(scope: Construct, id: string, props: AimsEvidenceStackProps = {}) {
    const { configuration: given, declarations = noDeclarations, functions, sampleEndpoint, ...stackProps } = props;
    const configuration = parseConfiguration(given);
    super(scope, id, {
      description: 'AIMS Evidence: evidence that an AI management system works',
      terminationProtection: configuration.profile === 'production',
      ...stackProps,
    });
    const sources = deployedSources(configuration);
    const code = new FunctionCode(functions ?? shippedFunctions(), { configuration, declarations });
    this.home = createHome(this, { configuration, code, sampleEndpoint, roles: functionRoles(configuration, sources) });
    this.collectors = sources.map((source) => new SourceCollector(this, `${pascalCase(source.id)}Collector`, { home: this.home, source }));
    const operated = operate(this, this.home, this.collectors);
    // Other Regions of the home's own account need no leave to send.
    if (configuration.member.forwardEvents && readsOtherAccounts(configuration)) {
      new ForwardedEvents(this, 'ForwardedEvents', { configuration });
    }
    writeOutputs(this, this.home, { collectors: this.collectors, ...operated });
  }
}

type HomeSettings = Pick<EvidenceHome, 'configuration' | 'code' | 'sampleEndpoint' | 'roles'>;

function createHome(scope: Construct, settings: HomeSettings): EvidenceHome {
  const { vault, profile, alarmEmail, checkpointAccounts, signingKeyNumber, previousSigningKeyArn } = settings.configuration;
  const { adopt } = vault;
  const isDisposable = profile === 'dev';
  const keys = new EvidenceKeys(scope, 'Keys', {
    isDisposable,
    hasVaultKey: vault.encryption === 'customer',
    signingKeyNumber,
    previousSigningKeyArn,
    ...(adopt === undefined ? {} : { adopt }),
  });
  const { bucket } = new EvidenceVault(scope, 'Vault', {
    isDisposable,
    retentionDays: vault.retentionDays,
    lockMode: vault.lockMode,
    ...(keys.vaultKey === undefined ? {} : { encryptionKey: keys.vaultKey }),
    ...(adopt === undefined ? {} : { adoptBucketName: adopt.bucketName }),
  });
  const { table } = new EvidenceIndexTable(scope, 'Index', {
    isDisposable,
    ...(adopt === undefined ? {} : { adoptTableName: adopt.tableName }),
  });
  const { topic, key: topicKey } = new EvidenceTopic(scope, 'Notices', { email: alarmEmail, subscriberAccounts: checkpointAccounts });
  const { signingKey, previousSigningKey, secretKey, vaultKey } = keys;
  const lock = isDisposable ? noLock : { mode: vault.lockMode, retentionDays: vault.retentionDays };
  return { ...settings, bucket, table, topic, topicKey, signingKey, previousSigningKey, secretKey, vaultKey, lock };
}

const noLock = { mode: 'NONE', retentionDays: 0 } as const;

function operate(scope: Construct, home: EvidenceHome, collectors: readonly SourceCollector[]): OperatedQueues {
  const { planner } = new CollectionPlanner(scope, 'Planner', { home, collectors });
  const { projector, notices } = new EvidenceProjector(scope, 'Projector', { home });
  const { sealer } = new EvidenceSealer(scope, 'Sealer', { home });
  const queues = { Project: notices, ...collectorQueues(collectors) };
  const { undelivered } = new TamperAlerts(scope, 'TamperAlerts', { home });
  const failed = { Plan: planner.failures, Seal: sealer.failures, TamperAlerts: undelivered };
  const { auditor } = new SelfAudit(scope, 'SelfAudit', { home, deadLetters: { ...deadLettersOf(queues), ...defined(failed) } });
  const timed = { Plan: planner, Seal: sealer, SelfAudit: auditor };
  new EvidenceAlarms(scope, 'Alarms', {
    home,
    functions: { ...timed, Project: projector, ...collectorFunctions(collectors) },
    queues,
    failures: { TamperAlerts: undelivered },
    sources: collectors.map(({ source }) => source.id),
    // A configuration may plan every source once a day; seals are due every 15 minutes.
    timed: { Plan: 26, Seal: 2, SelfAudit: 26 },
  });
  return { notices, failures: defined({ ...failed, SelfAudit: auditor.failures }) };
}

function deadLettersOf(queues: Readonly<Record<string, EvidenceQueue>>): Record<string, IQueue> {
  return Object.fromEntries(Object.entries(queues).map(([name, { deadLetters }]) => [name, deadLetters]));
}

function defined<T>(members: Readonly<Record<string, T | undefined>>): Record<string, T> {
  return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, T] => entry[1] !== undefined));
}

function collectorFunctions(collectors: readonly SourceCollector[]): Record<string, EvidenceFunction> {
  return Object.fromEntries(collectors.map(({ source, collector }) => [pascalCase(source.id), collector]));
}

function collectorQueues(collectors: readonly SourceCollector[]): Record<string, EvidenceQueue> {
  const named = collectors.flatMap(({ source, runs, events }): [string, EvidenceQueue | undefined][] => [
    [queueName(source.id, 'Runs'), runs],
    [queueName(source.id, 'Events'), events],
  ]);
  return defined(Object.fromEntries(named));
}
