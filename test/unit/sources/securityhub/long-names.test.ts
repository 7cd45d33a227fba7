// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { controlIdOf } from '../../../../src/sources/securityhub/control-id.ts';
import { standardNumberIn } from '../../../../src/sources/securityhub/standard.ts';
import { findingTables } from '../../../../src/sources/securityhub/tables.ts';

const long = '1.'.repeat(5 * 1024 * 1024);

describe('the number of a control', () => {
  it('is found in a name, and in one of 10 MB none is', () => {
    expect(standardNumberIn('arn:aws:securityhub:::control/cis-aws-foundations-benchmark/v/1.2.0/1.4')).toEqual({
      standard: 'cis-aws-foundations-benchmark/v/1.2.0',
      number: '1.4',
    });
    expect(standardNumberIn(`arn:aws:securityhub:::control/cis-aws-foundations-benchmark/v/1.2.0/${long}1`)).toBeUndefined();
  });

  it('that is 10 MB long ends no run', () => {
    const none = { securityControlId: undefined, generatorId: undefined, standards: [], numbered: [], resourceTypes: [] };
    const tables = findingTables({});
    expect(controlIdOf({ ...none, complianceControl: 'CIS.1.4' }, tables)).toBeUndefined();
    expect(() => controlIdOf({ ...none, complianceControl: `${long}1` }, tables)).not.toThrow();
  });
});
