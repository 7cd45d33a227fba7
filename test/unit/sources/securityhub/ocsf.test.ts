// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../../src/evidence/json.ts';
import { asff, ocsf } from '../../../fixtures/securityhub/findings.ts';
import { itemOf, observe, securityHub } from '../../../support/securityhub.ts';

function withStatus(status: JsonObject): JsonObject {
  return { ...ocsf, ...status };
}

describe('an OCSF finding', () => {
  it('becomes an observation with the facts of its ASFF form', () => {
    const [newer, older] = [observe('ocsf', ocsf), observe('asff', asff)];
    const shared = ['product', 'vendor', 'controlId', 'controlMapped', 'outcome', 'recordState', 'workflow', 'severity', 'resourceTypes'];
    for (const name of shared) expect([name, newer.facts[name]]).toEqual([name, older.facts[name]]);
    expect(newer).toMatchObject({ account: '111122223333', region: 'eu-west-1', severity: 'HIGH', occurredAt: '2026-11-01T10:00:00.000Z' });
    expect(newer.resources).toEqual(older.resources);
  });

  it('is a record of its own with the finding key of its ASFF form', () => {
    const [newer, older] = [observe('ocsf', ocsf), observe('asff', asff)];
    expect(newer.findingKey).toBe(older.findingKey);
    expect(newer.sourceIdentity).not.toBe(older.sourceIdentity);
    const threat = { ...ocsf, class_uid: 2004, compliance: null, finding_info: { uid: 'arn:aws:guardduty:x' } };
    const product = { product: { uid: 'arn:aws:securityhub:eu-west-1::productv2/aws/guardduty' } };
    expect(observe('ocsf', { ...threat, metadata: product }).findingKey).toBe('securityhub|guardduty|111122223333|arn:aws:guardduty:x');
  });

  it('has versions by times and states', () => {
    const key = observe('ocsf', ocsf).versionKey;
    expect(key).toEqual(['2026-11-01T10:00:00.000Z', '2026-11-01T10:00:00.000Z', '1', '2', '4', '3']);
    expect(observe('ocsf', withStatus({ status_id: 3 })).versionKey).not.toEqual(key);
    expect(observe('ocsf', withStatus({ message: 'other words' })).versionKey).toEqual(key);
  });

  it.each([
    [{ status_id: 1 }, 'PASSED'],
    [{ status_id: 2 }, 'WARNING'],
    [{ status_id: 3 }, 'FAILED'],
    [{ status: 'PASS' }, 'PASSED'],
    [{ status: 'failed' }, 'FAILED'],
    [{ status_id: 99, status: 'Warning' }, 'WARNING'],
    [{ status: 'Unheard of' }, 'NOT_AVAILABLE'],
    [{}, 'NOT_AVAILABLE'],
  ])('with compliance %j has the outcome %s', (compliance, outcome) => {
    expect(observe('ocsf', { ...ocsf, compliance: { control: 'S3.8', ...compliance } }).facts['outcome']).toBe(outcome);
  });

  it('is archived when closed or archived, and its handling is the status', () => {
    const facts = (status: JsonObject) => observe('ocsf', withStatus(status)).facts;
    expect(facts({ activity_id: 3 })).toMatchObject({ recordState: 'ARCHIVED' });
    expect(facts({ status_id: 5 })).toMatchObject({ recordState: 'ARCHIVED' });
    expect(facts({ status_id: 5 })).not.toHaveProperty('workflow');
    expect([0, 1, 2, 3, 4].map((status_id) => facts({ status_id })['workflow'])).toEqual([
      'NEW',
      'NEW',
      'NOTIFIED',
      'SUPPRESSED',
      'RESOLVED',
    ]);
  });

  it('puts numbers of CIS and PCI in compliance.control through the tables', () => {
    const control = (text: string, standard: string) =>
      observe('ocsf', { ...ocsf, compliance: { control: text, standards: [`ruleset/${standard}`], status_id: 3 } }).facts['controlId'];
    expect(control('2.8', 'cis-aws-foundations-benchmark/v/1.2.0')).toBe('KMS.4');
    expect(control('PCI.SageMaker.1', 'pci-dss/v/3.2.1')).toBe('SageMaker.1');
    expect(control('SAGEMAKER.1', 'pci-dss/v/3.2.1')).toBe('SageMaker.1');
  });

  it('finds the control in its uid where compliance does not name it', () => {
    expect(observe('ocsf', { ...ocsf, compliance: { status_id: 1 } }).facts).toMatchObject({ controlId: 'S3.8', outcome: 'PASSED' });
  });

  it('of another writer is told apart by content and counts as a partner', () => {
    const foreign = { ...ocsf, metadata: { product: { uid: 'prowler', name: 'Prowler' } } };
    const { versionKey, facts } = observe('ocsf', foreign);
    expect(versionKey).toBe('content');
    expect(facts).toMatchObject({ vendor: 'partner' });
    expect(facts).not.toHaveProperty('product');
    expect(facts).not.toHaveProperty('controlId');
  });

  it('reads times as text or number, in milliseconds or seconds', () => {
    const at = (info: JsonObject) =>
      observe('ocsf', { ...ocsf, time: null, time_dt: null, finding_info: { uid: 'x', ...info } }).occurredAt;
    expect(at({ modified_time: 1793527200000 })).toBe('2026-11-01T10:00:00.000Z');
    expect(at({ modified_time: 1793527200 })).toBe('2026-11-01T10:00:00.000Z');
    expect(at({ modified_time_dt: '2026-11-01T10:00:00.913874' })).toBe('2026-11-01T10:00:00.913Z');
    expect(at({ modified_time_dt: 'yesterday' })).toBeNull();
  });

  it('without any uid is a gap, and with one of the two is kept', () => {
    const none = { ...ocsf, finding_info: null, metadata: { product: ocsf['metadata'] ?? null } };
    expect(securityHub().interpret(itemOf('ocsf', '{}'), none)).toMatchObject([{ gap: { reason: 'malformed', extent: 'item' } }]);
    expect(observe('ocsf', { class_uid: 2004, metadata: { uid: 'abc' } })).toMatchObject({
      sourceIdentity: '|999999999999|abc',
      severity: null,
    });
  });
});
