// SPDX-License-Identifier: Apache-2.0
// What another CDK app takes from the package: whole stacks, or the constructs that they are composed of.

export { functionRoles } from '../src/runtime/deployment/function-roles.ts';
export { deployedSources } from '../src/runtime/deployment/source-declarations.ts';
export { CollectionPlanner, type CollectionPlannerProps } from './constructs/collection-planner.ts';
export { EvidenceAlarms, type EvidenceAlarmsProps } from './constructs/evidence-alarms.ts';
export { EvidenceFunction, type EvidenceFunctionProps } from './constructs/evidence-function.ts';
export { EvidenceIndexTable, type EvidenceIndexTableProps } from './constructs/evidence-index-table.ts';
export { EvidenceKeys, type EvidenceKeysProps } from './constructs/evidence-keys.ts';
export { EvidenceProjector, type EvidenceProjectorProps } from './constructs/evidence-projector.ts';
export { EvidenceSealer, type EvidenceSealerProps } from './constructs/evidence-sealer.ts';
export { EvidenceTopic, type EvidenceTopicProps } from './constructs/evidence-topic.ts';
export { EvidenceVault, type EvidenceVaultProps, type LockMode } from './constructs/evidence-vault.ts';
export { FunctionCode } from './constructs/function-code.ts';
export { SelfAudit, type SelfAuditProps } from './constructs/self-audit.ts';
export { SourceCollector, type SourceCollectorProps } from './constructs/source-collector.ts';
export { TamperAlerts, type TamperAlertsProps } from './constructs/tamper-alerts.ts';
export type { EvidenceHome } from './evidence-home.ts';
export { type ConfigurationInput, parseConfiguration } from './parse-configuration.ts';
export { shippedFunctions } from './shipped-functions.ts';
export { AimsEvidenceMemberStack, type AimsEvidenceMemberStackProps } from './stacks/aims-evidence-member-stack.ts';
export { AimsEvidenceStack, type AimsEvidenceStackProps } from './stacks/aims-evidence-stack.ts';
