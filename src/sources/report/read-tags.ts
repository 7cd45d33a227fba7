// SPDX-License-Identifier: Apache-2.0
import type { Gap } from '../../evidence/gap.ts';
import { arrayAt, type JsonObject, stringAt } from '../../evidence/json.ts';
import { isAbsent, pagesOf, type SageMaker, sageMakerGap } from './open-sagemaker.ts';

/** Tags of a SageMaker resource, or why they could not be read; none where it does not exist any more. */
export async function readTags(sageMaker: SageMaker, arn: string): Promise<{ readonly tags: JsonObject } | { readonly gap: Gap }> {
  const tags: Record<string, string> = {};
  for await (const page of pagesOf(sageMaker, 'ListTags', { ResourceArn: arn })) {
    if ('failure' in page) return isAbsent(page.failure) ? { tags } : sageMakerGap('ListTags', page.failure);
    for (const tag of arrayAt(page.value, 'Tags')) tags[stringAt(tag, 'Key') ?? ''] = stringAt(tag, 'Value') ?? '';
  }
  return { tags };
}
