// SPDX-License-Identifier: Apache-2.0
import { isJsonObject, type Json, type JsonObject } from '../../evidence/json.ts';
import type { Reading } from '../../evidence/observation.ts';
import { apiItem } from '../report/api-item.ts';
import { once } from '../report/once.ts';
import { openS3, type S3 } from '../report/open-s3.ts';
import { isAbsent, openSageMaker, type SageMaker, sageMakerGap, type WireText } from '../report/open-sagemaker.ts';
import { GapTally } from '../report/read-report.ts';
import { readTags } from '../report/read-tags.ts';
import { sageMakerArn } from '../report/report-file.ts';
import type { Connection, Scope } from '../source.ts';
import { definitionOperations } from './job-definition.ts';

/** A job definition as it was described. */
export interface DescribedDefinition {
  readonly answer: WireText;
  readonly operation: string;
}

/** What one sweep of Model Monitor asks with, and what it has asked already. Its caches grow with schedules and endpoints, not with runs. */
export class MonitorCalls {
  readonly sageMaker: SageMaker;
  readonly s3: S3;
  readonly scope: Scope;
  /** Gaps that may come a thousand times. */
  readonly gaps = new GapTally();
  /** Endpoints that a schedule in force names. */
  readonly scheduled = new Set<string>();
  /** False where schedules could not all be listed: then nobody knows which endpoints have none. */
  areSchedulesKnown = true;
  readonly #channel: Connection['channel'];
  readonly #endpoints = new Map<string, Promise<WireText | 'absent' | 'unknown'>>();
  readonly #definitions = new Map<string, Promise<DescribedDefinition | null>>();
  readonly #tags = new Map<string, Promise<JsonObject>>();
  readonly #users = new Map<string, string>();
  readonly #firstUsers: Record<string, string> = {};

  constructor(sageMaker: SageMaker, s3: S3, scope: Scope, channel: Connection['channel']) {
    this.sageMaker = sageMaker;
    this.s3 = s3;
    this.scope = scope;
    this.#channel = channel;
  }

  /** One item of ours, with what every item's context holds. */
  item(shape: string, answer: Pick<WireText, 'body' | 'requestId'>, context: JsonObject): Reading {
    return apiItem({ source: 'sagemaker-model-monitor', scope: this.scope, channel: this.#channel }, shape, answer, context);
  }

  /** DescribeEndpoint, asked once for each endpoint; `unknown` where it failed. */
  endpoint(name: string): Promise<WireText | 'absent' | 'unknown'> {
    return once(this.#endpoints, name, () => this.#askEndpoint(name));
  }

  /** The job definition of a name, asked once. A name alone does not say of which type it is, so the types are tried in turn. */
  definition(name: string, type: string | undefined): Promise<DescribedDefinition | null> {
    return once(this.#definitions, name, () => this.#askDefinition(name, type));
  }

  /** Tags of a schedule or endpoint, asked once: they name its AI system, and no Describe answer holds them. */
  tags(arn: string): Promise<JsonObject> {
    return once(this.#tags, arn, async () => {
      const tags = await readTags(this.sageMaker, arn);
      if ('gap' in tags) this.gaps.add(tags.gap);
      return 'gap' in tags ? {} : tags.tags;
    });
  }

  async #askEndpoint(name: string): Promise<WireText | 'absent' | 'unknown'> {
    const asked = await this.sageMaker.ask('DescribeEndpoint', { EndpointName: name });
    if (!('failure' in asked)) return asked;
    if (isAbsent(asked.failure)) return 'absent';
    this.gaps.add(sageMakerGap('DescribeEndpoint', asked.failure).gap);
    return 'unknown';
  }

  async #askDefinition(name: string, type: string | undefined): Promise<DescribedDefinition | null> {
    const all = Object.entries(definitionOperations);
    const told = all.filter(([one]) => one === type);
    for (const [, operation] of told.length > 0 ? told : all) {
      const asked = await this.sageMaker.ask(operation, { JobDefinitionName: name });
      if (!('failure' in asked)) return { answer: asked, operation };
      if (!isAbsent(asked.failure)) this.gaps.add(sageMakerGap(operation, asked.failure).gap);
    }
    return null;
  }

  /** Which schedule used a file first in this sweep: the asker, where none did. Marks carry it, with half of each file's hash. */
  firstUser(part: string, sha256: string, schedule: string): string {
    const file = `${part}:${sha256.slice(0, 32)}`;
    const first = this.#firstUsers[file] ?? schedule;
    this.#firstUsers[file] = first;
    return first;
  }

  /** First users so far, by file, for a mark. */
  get firstUsers(): JsonObject {
    return { ...this.#firstUsers };
  }

  /** Takes over what a mark carried. */
  rememberFirstUsers(carried: Json | undefined): void {
    for (const [file, schedule] of Object.entries(isJsonObject(carried) ? carried : {}))
      if (typeof schedule === 'string') this.#firstUsers[file] = schedule;
  }

  /** Whether a thing comes for the first time in this sweep. */
  isNew(thing: string): boolean {
    const isNew = !this.#users.has(thing);
    this.#users.set(thing, thing);
    return isNew;
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
export async function openMonitorCalls(connection: Connection, scope: Scope): Promise<MonitorCalls> {
  return new MonitorCalls(await openSageMaker(connection), await openS3(connection, scope.namedPlaces), scope, connection.channel);
}

/** The answer as a JSON object; empty where it is none. */
export function objectOf(answer: WireText | undefined | null): JsonObject {
  return answer !== undefined && answer !== null && isJsonObject(answer.value) ? answer.value : {};
}
