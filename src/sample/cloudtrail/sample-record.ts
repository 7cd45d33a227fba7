// SPDX-License-Identifier: Apache-2.0
import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../../evidence/json.ts';

/** Who calls: a person or program by an assumed role, as CloudTrail writes it. */
export interface Caller {
  readonly role: string;
  readonly session: string;
  readonly mfa?: boolean;
}

/** One event of the sample before it becomes a CloudTrail record. Times are milliseconds. */
export interface SampleEvent {
  readonly at: number;
  readonly by: Caller;
  readonly source: string;
  readonly name: string;
  readonly readOnly?: boolean;
  readonly request?: JsonObject | null;
  readonly response?: JsonObject | null;
  readonly resources?: readonly { readonly type: string; readonly arn: string }[];
  readonly error?: { readonly code: string; readonly message: string };
  readonly category?: 'Management' | 'Insight';
  readonly insight?: JsonObject;
}

/** Where a record is written. */
export interface SamplePlace {
  readonly account: string;
  readonly region: string;
}

export const dayMs = 86_400_000;
export const hourMs = 3_600_000;
export const minuteMs = 60_000;

/** An id of AWS's form that is the same on every run. */
function sampleUuid(seed: string): string {
  const digits = hash('sha256', seed);
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-8${digits.slice(17, 20)}-${digits.slice(20, 32)}`;
}

/** A number from 0 to 1, the same on every run for the same seed. */
export function sampleFraction(seed: string): number {
  return Number.parseInt(hash('sha256', seed).slice(0, 8), 16) / 0x1_0000_0000;
}

/** The CloudTrail record of an event, event version 1.11. `seed` tells equal events apart. */
export function sampleRecord(event: SampleEvent, place: SamplePlace, seed: string): JsonObject {
  const eventTime = `${new Date(event.at).toISOString().slice(0, 19)}Z`;
  const category = event.category ?? 'Management';
  if (category === 'Insight') return insightRecord(event, place, eventTime, seed);
  const listed = event.resources?.map((one) => ({ accountId: place.account, type: one.type, ARN: one.arn }));
  return {
    eventVersion: '1.11',
    userIdentity: identityOf(event, place),
    eventTime,
    eventSource: `${event.source}.amazonaws.com`,
    eventName: event.name,
    awsRegion: place.region,
    sourceIPAddress: '203.0.113.24',
    userAgent: 'aws-cli/2.31.4 md/awscrt#0.27.6 ua/2.1 os/linux md/arch#x86_64 lang/python#3.13.7',
    ...(event.error === undefined ? {} : { errorCode: event.error.code, errorMessage: event.error.message }),
    requestParameters: event.request ?? null,
    responseElements: event.response ?? null,
    requestID: sampleUuid(`request|${seed}`),
    eventID: sampleUuid(`event|${seed}`),
    readOnly: event.readOnly ?? false,
    ...(listed === undefined ? {} : { resources: listed }),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: place.account,
    eventCategory: category,
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: `${event.source}.${place.region}.amazonaws.com`,
    },
  };
}

function insightRecord(event: SampleEvent, place: SamplePlace, eventTime: string, seed: string): JsonObject {
  return {
    eventVersion: '1.09',
    eventTime,
    awsRegion: place.region,
    eventID: sampleUuid(`event|${seed}`),
    eventType: 'AwsCloudTrailInsight',
    recipientAccountId: place.account,
    sharedEventID: sampleUuid(`insight|${place.account}|${event.name}`),
    insightDetails: event.insight ?? {},
    eventCategory: 'Insight',
  };
}

function identityOf({ by, at }: SampleEvent, { account }: SamplePlace): JsonObject {
  const principalId = `AROAEXAMPLE${hash('sha256', by.role).slice(0, 10).toUpperCase()}`;
  return {
    type: 'AssumedRole',
    principalId: `${principalId}:${by.session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${by.role}/${by.session}`,
    accountId: account,
    accessKeyId: `ASIAEXAMPLE${hash('sha256', `${by.role}/${by.session}`).slice(0, 9).toUpperCase()}`,
    sessionContext: {
      sessionIssuer: { type: 'Role', principalId, arn: `arn:aws:iam::${account}:role/${by.role}`, accountId: account, userName: by.role },
      attributes: { creationDate: `${new Date(at - hourMs).toISOString().slice(0, 19)}Z`, mfaAuthenticated: String(by.mfa ?? false) },
    } satisfies Json,
  };
}
