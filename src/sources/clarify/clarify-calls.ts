// SPDX-License-Identifier: Apache-2.0
import type { JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { apiItem } from '../report/api-item.ts';
import { once } from '../report/once.ts';
import { openS3, type S3 } from '../report/open-s3.ts';
import { openSageMaker, type SageMaker, type WireText } from '../report/open-sagemaker.ts';
import { GapTally, type ReportResult, readReport } from '../report/read-report.ts';
import { readTags } from '../report/read-tags.ts';
import { sageMakerArn } from '../report/report-file.ts';
import type { Connection, Scope } from '../source.ts';
import type { ReleaseSpan } from './release-span.ts';

/** What one sweep of Clarify asks with, and what it has asked already. */
export class ClarifyCalls {
  readonly sageMaker: SageMaker;
  readonly s3: S3;
  readonly scope: Scope;
  readonly gaps = new GapTally();
  /** Configurations by address: the runs of a monitor share one. */
  readonly #configs = new Map<string, Promise<ReportResult>>();
  readonly #tags = new Map<string, Promise<JsonObject>>();
  /** When each model was first released, as far as it can be told; asked once. */
  readonly releases = new Map<string, Promise<ReleaseSpan | null>>();
  /** Releases through endpoints, by model, under one key; null where endpoints could not all be read. */
  readonly deployed = new Map<string, Promise<ReadonlyMap<string, ReleaseSpan> | null>>();
  readonly #channel: Connection['channel'];

  constructor(sageMaker: SageMaker, s3: S3, scope: Scope, channel: Connection['channel']) {
    this.sageMaker = sageMaker;
    this.s3 = s3;
    this.scope = scope;
    this.#channel = channel;
  }

  /** One item of ours, with what every item's context holds. */
  item(shape: string, answer: Pick<WireText, 'body' | 'requestId'>, context: JsonObject): Reading {
    return apiItem({ source: 'sagemaker-clarify', scope: this.scope, channel: this.#channel }, shape, answer, context);
  }

  /** A configuration file, read once for each address. `isFirst` for who asked first. */
  async config(uri: string): Promise<{ readonly result: ReportResult; readonly isFirst: boolean }> {
    const isFirst = !this.#configs.has(uri);
    return { result: await once(this.#configs, uri, () => readReport(this.s3, uri)), isFirst };
  }

  /** Tags of a resource: they name its AI system. Those of jobs are asked once each and not kept. */
  tags(arn: string, isKept: boolean): Promise<JsonObject> {
    return isKept ? once(this.#tags, arn, () => this.#askTags(arn)) : this.#askTags(arn);
  }

  async #askTags(arn: string): Promise<JsonObject> {
    const tags = await readTags(this.sageMaker, arn);
    if ('gap' in tags) this.gaps.add(tags.gap);
    return 'gap' in tags ? {} : tags.tags;
  }

  /** ARN of a resource of this scope. */
  arn(type: string, name: string): string {
    const { partition, account, region, sweptAt } = this.scope;
    return sageMakerArn({ partition, account, region, sweptAt }, type, name);
  }

  close(): void {
    this.sageMaker.close();
    this.s3.close();
  }
}

/** Opens what a sweep needs. */
export async function openClarifyCalls(connection: Connection, scope: Scope): Promise<ClarifyCalls> {
  return new ClarifyCalls(await openSageMaker(connection), await openS3(connection, scope.namedPlaces), scope, connection.channel);
}
