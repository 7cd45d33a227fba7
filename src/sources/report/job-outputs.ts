// SPDX-License-Identifier: Apache-2.0
import { arrayAt, type Json, stringAt } from '../../evidence/json.ts';

/** Addresses in S3 that a processing job writes to. */
export function outputPrefixes(job: Json): readonly string[] {
  return arrayAt(job, 'ProcessingOutputConfig', 'Outputs').flatMap((output) => stringAt(output, 'S3Output', 'S3Uri') ?? []);
}
