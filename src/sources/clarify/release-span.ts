// SPDX-License-Identifier: Apache-2.0
import { earlierOf, laterOf } from '../report/aws-time.ts';

/** Between which two times a model was first released; ISO 8601 UTC. Answers of today do not say more than that. */
export interface ReleaseSpan {
  readonly notBefore: string;
  readonly notAfter: string;
}

/** The first of two releases: it happened no earlier than the earlier bound and no later than the earlier end. */
export function firstRelease(a: ReleaseSpan | undefined, b: ReleaseSpan | undefined): ReleaseSpan | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { notBefore: earlierOf(a.notBefore, b.notBefore), notAfter: earlierOf(a.notAfter, b.notAfter) };
}

/** The release through an endpoint: after its configuration was made, and by the endpoint's last change. */
export function endpointRelease(
  configCreated: string | null,
  endpointCreated: string | null,
  endpointModified: string | null,
): ReleaseSpan | undefined {
  if (configCreated === null || endpointCreated === null) return undefined;
  // An endpoint older than the configuration got it by an update; a younger one may have had another before.
  return { notBefore: configCreated, notAfter: laterOf(endpointModified, endpointCreated) ?? endpointCreated };
}

/** An analysis against the first release of its model; UNKNOWN where the span leaves it open. */
export function timingOf(analysedAt: string | null, release: ReleaseSpan | null | undefined): 'BEFORE' | 'AFTER' | 'UNKNOWN' {
  if (analysedAt === null || release === null || release === undefined) return 'UNKNOWN';
  if (analysedAt <= release.notBefore) return 'BEFORE';
  return analysedAt > release.notAfter ? 'AFTER' : 'UNKNOWN';
}
