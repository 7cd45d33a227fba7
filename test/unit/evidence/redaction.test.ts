// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/evidence/json.ts';
import { storeDetail } from '../../../src/evidence/raw-form.ts';
import { redactText } from '../../../src/evidence/redaction.ts';

function stored(detail: JsonObject): { detail: JsonObject; redactions: readonly { path: string; rule: string }[] } {
  const result = storeDetail(structuredClone(detail), JSON.stringify(detail));
  return { detail: JSON.parse(result.canonical.toString()), redactions: result.redactions };
}

describe('redaction', () => {
  it('takes out values whose name names a secret, and marks where', () => {
    const { detail, redactions } = stored({ requestParameters: { masterUserPassword: 'hunter2', dBName: 'claims' } });
    expect(detail).toEqual({ requestParameters: { masterUserPassword: '[redacted: secret-name]', dBName: 'claims' } });
    expect(redactions).toEqual([{ path: '/requestParameters/masterUserPassword', rule: 'secret-name' }]);
  });

  it('takes out session credentials of answers', () => {
    const { detail } = stored({ responseElements: { credentials: { accessKeyId: 'ASIAEXAMPLE', sessionToken: 'FwoG...' } } });
    expect(detail).toEqual({ responseElements: { credentials: { accessKeyId: 'ASIAEXAMPLE', sessionToken: '[redacted: secret-name]' } } });
  });

  it.each([
    ['a flat map (SageMaker)', { environment: { API: 'x', MODE: 'y' } }, ['/environment/API', '/environment/MODE']],
    ['a map under variables (Lambda)', { environment: { variables: { API: 'x' }, error: null } }, ['/environment/variables/API']],
    ['a list of pairs (ECS)', { environment: [{ name: 'API', value: 'x' }] }, ['/environment/0/value']],
    [
      'a list within (CodeBuild)',
      { environment: { image: 'img', environmentVariables: [{ name: 'A', type: 'PLAINTEXT', value: 'x' }] } },
      ['/environment/environmentVariables/0/value'],
    ],
    [
      'a map with a variable called variables (SageMaker)',
      { environment: { Variables: 'x', DB: 'x' } },
      ['/environment/Variables', '/environment/DB'],
    ],
    [
      'what stands beside a map',
      { environment: { variables: { A: 'x' }, LEFT: 'x', error: 'kept' } },
      ['/environment/variables/A', '/environment/LEFT'],
    ],
    [
      'pairs of another case',
      { environmentParameters: [{ Key: 'A', ValueType: 'String', Value: 'x' }] },
      ['/environmentParameters/0/Value'],
    ],
    [
      'ranges of values',
      { environmentParameterRanges: { categoricalParameterRanges: [{ name: 'A', value: ['x'] }] } },
      ['/environmentParameterRanges/categoricalParameterRanges/0/value'],
    ],
    ['an optimization', { optimizationEnvironment: { A: 'x' } }, ['/optimizationEnvironment/A']],
    ['an App Runner service', { runtimeEnvironmentVariables: { A: 'x' } }, ['/runtimeEnvironmentVariables/A']],
    ['hyperparameters', { hyperParameters: { api_key: 'x' } }, ['/hyperParameters/api_key']],
  ])('takes out every value of %s', (_what, detail, paths) => {
    const result = stored({ requestParameters: detail });
    expect(result.redactions.map((r) => r.path)).toEqual(paths.map((path) => `/requestParameters${path}`));
    expect(JSON.stringify(result.detail)).not.toContain('"x"');
  });

  it.each([
    'userManagedClientApplicationClientSecret',
    'jwtToken',
    'authorizationCode',
    'sSECustomerKey',
    'x-amz-server-side-encryption-customer-key',
    'X-Amz-Security-Token',
    'ENCRYPTED_PASSWORD',
    '--db_password',
    'svmAdminPassword',
    'secretString',
  ])('takes out %s', (name) => {
    expect(stored({ requestParameters: { [name]: 'hunter2' } }).detail).toEqual({
      requestParameters: { [name]: '[redacted: secret-name]' },
    });
  });

  it.each([
    'nextToken',
    'clientToken',
    'clientRequestToken',
    'passwordPolicy',
    'secretArn',
    'secretId',
    'sSECustomerKeyMD5',
    'publicKey',
    'customerManagedKey',
  ])('leaves %s, which is no secret', (name) => {
    expect(stored({ requestParameters: { [name]: 'plain', password: 'x' } }).detail).toEqual({
      requestParameters: { [name]: 'plain', password: '[redacted: secret-name]' },
    });
  });

  it('of maps within maps ends where nesting is kept as text', () => {
    const text = `{"environment":${'{"variables":'.repeat(10_000)}"x"${'}'.repeat(10_000)}}`;
    const result = storeDetail(JSON.parse(text), text);
    expect(result.form).toBe('text');
    expect(result.canonical.toString()).not.toContain('"x');
    expect(result.redactions).toHaveLength(1);
  });

  it('leaves what AWS hid itself, and what holds nothing', () => {
    const detail = {
      a: { password: 'HIDDEN_DUE_TO_SECURITY_REASONS' },
      b: { secretString: '***' },
      c: { password: null },
      d: { password: '' },
    };
    expect(stored(detail)).toEqual({ detail, redactions: [] });
  });

  it('escapes pointers', () => {
    expect(stored({ 'a/b~c': { password: 'x' } }).redactions[0]?.path).toBe('/a~1b~0c/password');
  });

  it('takes secrets out of text that stays text, under duplicate keys too', () => {
    const { text, redactions } = redactText('{"password":"one","password":"two","n":9007199254740993,"environment":{"A":"x"}}');
    expect(text).toBe(
      '{"password":"[redacted: secret-name]","password":"[redacted: secret-name]","n":9007199254740993,"environment":{"A":"[redacted: environment]"}}',
    );
    expect(redactions).toHaveLength(3);
  });
});
