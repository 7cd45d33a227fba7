// SPDX-License-Identifier: Apache-2.0
import { gapMessage } from '../evidence/gap.ts';
import type { Json } from '../evidence/json.ts';
import type { Interpretation, RawItem } from '../evidence/observation.ts';
import { findingDerivations } from './securityhub/derivations.ts';
import { findingRetentionDays, fullSweepDays } from './securityhub/findings-queries.ts';
import { interpretAsff } from './securityhub/interpret-asff.ts';
import { interpretOcsf } from './securityhub/interpret-ocsf.ts';
import { interpretState } from './securityhub/interpret-state.ts';
import { readSecurityHub } from './securityhub/read-securityhub.ts';
import { type FindingTables, findingTables } from './securityhub/tables.ts';
import type { Source, SourceSettings } from './source.ts';

const actions = [
  'securityhub:BatchGetStandardsControlAssociations',
  'securityhub:DescribeHub',
  'securityhub:DescribeSecurityHubV2',
  'securityhub:GetAggregatorV2',
  'securityhub:GetEnabledStandards',
  'securityhub:GetFindingAggregator',
  // Allows GetFindings and GetFindingsV2 alike.
  'securityhub:GetFindings',
  'securityhub:ListAggregatorsV2',
  'securityhub:ListFindingAggregators',
  'securityhub:ListSecurityControlDefinitions',
] as const;

/** AWS Security Hub: findings of CSPM (ASFF) and of the newer service (OCSF), and which standards and controls are on. */
export function createSecurityHub(settings: SourceSettings): Source {
  const tables = findingTables(settings.tables);
  return {
    id: 'securityhub',
    title: 'AWS Security Hub',
    actions,
    schedule: 'rate(6 hours)',
    // Archived findings must be seen again a day later, when it is known whether another id took over.
    window: { overlapHours: 30, retentionDays: findingRetentionDays, fullSweepDays },
    identity:
      'An ASFF finding: ProductArn and Id. An OCSF finding: product, account and finding uid. A state: what it is of, account and Region. ' +
      'The ASFF and the OCSF form of one finding are two records, as the answers differ, with one finding key, so that they count once.',
    versionKey:
      'ASFF: UpdatedAt, ProcessedAt, Workflow.Status, RecordState. OCSF of Security Hub: modified time, time, status, activity, severity and ' +
      'compliance status. Findings without times, OCSF of other writers, and states: their content. Beside these: superseded, nativeCollected ' +
      'or failedDays, where a later sweep changed it.',
    eventPatterns: [{ source: ['aws.securityhub'], 'detail-type': ['Security Hub Findings - Imported', 'Findings Imported V2'] }],
    derivations: findingDerivations(settings.declarations.thresholds),
    read: (connection, scope) => readSecurityHub(connection, scope, tables),
    interpret: (item, value) => [interpret(item, value, { tables, tagKey: settings.declarations.scope.tagKey })],
  };
}

function interpret(item: RawItem, value: Json, settings: { readonly tables: FindingTables; readonly tagKey: string }): Interpretation {
  switch (item.shape) {
    case 'asff':
      return interpretAsff(item, value, settings);
    case 'ocsf':
      return interpretOcsf(item, value, settings);
    case 'state':
      return interpretState(item, value, settings.tables);
    default:
      return unknownShape(item);
  }
}

function unknownShape({ shape }: RawItem): Interpretation {
  const message = gapMessage(`Security Hub has no reader for the shape ${shape}.`, 'report it, with the version of this program');
  return { gap: { reason: 'unsupported', extent: 'item', what: `securityhub ${shape}`, message, code: null, detail: { shape } } };
}
