// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from '@jest/globals';
import { homeOption, placeOption } from '../../../src/cli/options.ts';

describe('where a home is', () => {
  it('is a directory below the present one, by option before configuration before default', () => {
    expect(placeOption('/home/me', {})).toEqual({ in: 'directory', directory: '/home/me/.aims' });
    expect(placeOption('/home/me', {}, 'configured')).toEqual({ in: 'directory', directory: '/home/me/configured' });
    expect(placeOption('/home/me', { home: 'given' }, 'configured')).toEqual({ in: 'directory', directory: '/home/me/given' });
    expect(homeOption('/home/me', 'given')).toBe('/home/me/given');
  });

  it('is a stack for aws and aws:STACK, from the configuration too', () => {
    expect(placeOption('/home/me', { home: 'aws' })).toEqual({ in: 'aws', stack: 'AimsEvidence' });
    expect(placeOption('/home/me', {}, 'aws:Other')).toEqual({ in: 'aws', stack: 'Other' });
    expect(placeOption('/home/me', { home: 'aws', profile: 'auditor', region: 'eu-west-1' })).toEqual({
      in: 'aws',
      stack: 'AimsEvidence',
      profile: 'auditor',
      region: 'eu-west-1',
    });
    expect(placeOption('/home/me', { home: './aws' })).toEqual({ in: 'directory', directory: '/home/me/aws' });
    expect(placeOption('/home/me', { home: 'aws-copy' })).toEqual({ in: 'directory', directory: '/home/me/aws-copy' });
  });

  it('is no directory where only a directory will do', () => {
    const refused = { code: 'USAGE_OPTION', message: expect.stringContaining('refusing to collect into aws:AimsEvidence') };
    expect(() => homeOption('/home/me', undefined, 'aws')).toThrow(expect.objectContaining(refused));
  });
});
