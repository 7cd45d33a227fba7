// SPDX-License-Identifier: Apache-2.0
import { arrayAt, at, type Json, stringAt } from '../../evidence/json.ts';
import { isoTime } from '../report/aws-time.ts';
import { once } from '../report/once.ts';
import { isAbsent, pagesOf, type SageMakerOperation, sageMakerGap } from '../report/open-sagemaker.ts';
import type { ClarifyCalls } from './clarify-calls.ts';
import { endpointRelease, firstRelease, type ReleaseSpan } from './release-span.ts';

/**
 * When a model was first released, from its endpoints and the approval of its package; null where something that could tell was not
 * readable or nothing says it was released. Endpoints deleted since are not seen, so the span is that of what exists today.
 */
export function readRelease(calls: ClarifyCalls, model: string): Promise<ReleaseSpan | null> {
  return once(calls.releases, model, async () => {
    const deployed = await once(calls.deployed, 'all endpoints', () => readDeployed(calls));
    const approved = deployed === null ? null : await readApproval(calls, model);
    return deployed === null || approved === null ? null : (firstRelease(deployed.get(model), approved) ?? null);
  });
}

/** Releases by model, over all endpoints of the scope; null when one could not be read. */
async function readDeployed(calls: ClarifyCalls): Promise<ReadonlyMap<string, ReleaseSpan> | null> {
  const releases = new Map<string, ReleaseSpan>();
  for await (const page of pagesOf(calls.sageMaker, 'ListEndpoints', { SortBy: 'Name', SortOrder: 'Ascending' })) {
    if ('failure' in page) {
      calls.gaps.add(sageMakerGap('ListEndpoints', page.failure).gap);
      return null;
    }
    for (const summary of arrayAt(page.value, 'Endpoints')) {
      if (!(await addEndpoint(calls, stringAt(summary, 'EndpointName') ?? '', releases))) return null;
    }
  }
  return releases;
}

async function addEndpoint(calls: ClarifyCalls, name: string, releases: Map<string, ReleaseSpan>): Promise<boolean> {
  const endpoint = await describe(calls, 'DescribeEndpoint', { EndpointName: name });
  if (endpoint === 'absent' || endpoint === 'unknown') return endpoint === 'absent';
  const config = await describe(calls, 'DescribeEndpointConfig', { EndpointConfigName: stringAt(endpoint, 'EndpointConfigName') ?? '' });
  if (config === 'absent' || config === 'unknown') return config === 'absent';
  const [made, created, changed] = [at(config, 'CreationTime'), at(endpoint, 'CreationTime'), at(endpoint, 'LastModifiedTime')].map(
    isoTime,
  );
  const release = endpointRelease(made ?? null, created ?? null, changed ?? null);
  if (release === undefined) return true;
  for (const variant of arrayAt(config, 'ProductionVariants')) {
    const model = stringAt(variant, 'ModelName');
    const first = model === undefined ? undefined : firstRelease(releases.get(model), release);
    if (model !== undefined && first !== undefined) releases.set(model, first);
  }
  return true;
}

// An approval is as old as its package at most, and done by the package's last change.
async function readApproval(calls: ClarifyCalls, model: string): Promise<ReleaseSpan | undefined | null> {
  const described = await describe(calls, 'DescribeModel', { ModelName: model });
  if (described === 'unknown') return null;
  if (described === 'absent') return undefined;
  const containers = [at(described, 'PrimaryContainer'), ...arrayAt(described, 'Containers')];
  let first: ReleaseSpan | undefined;
  for (const name of containers.flatMap((container) => stringAt(container, 'ModelPackageName') ?? [])) {
    const modelPackage = await describe(calls, 'DescribeModelPackage', { ModelPackageName: name });
    if (modelPackage === 'unknown') return null;
    if (modelPackage === 'absent' || stringAt(modelPackage, 'ModelApprovalStatus') !== 'Approved') continue;
    const notBefore = isoTime(at(modelPackage, 'CreationTime'));
    const notAfter = isoTime(at(modelPackage, 'LastModifiedTime')) ?? notBefore;
    if (notBefore !== null && notAfter !== null) first = firstRelease(first, { notBefore, notAfter });
  }
  return first;
}

async function describe(calls: ClarifyCalls, operation: SageMakerOperation, input: object): Promise<Json | 'absent' | 'unknown'> {
  const asked = await calls.sageMaker.ask(operation, input);
  if (!('failure' in asked)) return asked.value;
  if (isAbsent(asked.failure)) return 'absent';
  calls.gaps.add(sageMakerGap(operation, asked.failure).gap);
  return 'unknown';
}
