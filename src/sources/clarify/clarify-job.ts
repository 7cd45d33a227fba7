// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { WireText } from '../report/open-sagemaker.ts';
import type { ReadReport } from '../report/read-report.ts';

/** A Clarify job with what its reports are read with. */
export interface ClarifyJob {
  readonly answer: WireText;
  readonly arn: string;
  readonly config: ReadReport | null;
  readonly configUri: string | null;
  /** What the contexts of all items of this job share. */
  readonly context: JsonObject;
}
