// SPDX-License-Identifier: Apache-2.0
import { stringAt } from '../evidence/json.ts';
import type { Observation } from '../evidence/observation.ts';
import type { Declarations } from '../evidence/scope-file.ts';
import { globOf, matchesWildcard } from './wildcard.ts';

/** The fact `recordStore` of an observation: `undefined` where the observation's source leaves it absent. */
export type RecordStoreFact = (observation: Observation) => boolean | undefined;

/**
 * Prepares the fact `recordStore` from the stores that the scope file declares. For CloudTrail it is true or absent, never false by
 * guess; for Security Hub it is true or false; other sources have none.
 */
export function recordStoreFact({ scope }: Pick<Declarations, 'scope'>): RecordStoreFact {
  const stores = scope.recordStores.map(globOf);
  const isStore = (name: string) => stores.some((store) => matchesWildcard(name, store));
  return (observation) => {
    if (observation.source === 'cloudtrail') return stores.length > 0 && namesOfCall(observation).some(isStore) ? true : undefined;
    if (observation.source !== 'securityhub') return undefined;
    return stores.length > 0 && observation.resources.some(({ arn }) => namesOfArn(arn).some(isStore));
  };
}

function namesOfCall({ detail, resources }: Observation): readonly string[] {
  const named = [
    stringAt(detail, 'requestParameters', 'bucketName'),
    stringAt(detail, 'requestParameters', 'backupVaultName'),
    ...resources.flatMap(({ arn }) => namesOfArn(arn)),
  ];
  return named.filter((name) => name !== undefined);
}

// A store may be declared by ARN, or by the name of its bucket or backup vault.
function namesOfArn(arn: string): readonly string[] {
  const [, , service, , , ...rest] = arn.split(':');
  const name = rest.join(':');
  if (service === 's3') return [arn, name.split('/')[0] ?? ''];
  return service === 'backup' && name.startsWith('backup-vault:') ? [arn, name.slice('backup-vault:'.length)] : [arn];
}
