import { describe, expect, test } from '@jest/globals';
import { createReadPerson } from '../../../../src/adapters/ldap/people/read-person.ts';
import { Unavailable } from '../../../../src/errors.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { personAttributes } from '../options.ts';

const attributes = {
  ...personAttributes,
  disabledBy: { krbPrincipalExpiration: 'generalizedTime' },
} as const;
const entry = { dn: 'uid=alice,dc=org', entryUUID: 'id-1', uid: 'alice' };
const expiry = Date.UTC(2026, 10, 24);

describe('the person of an entry', () => {
  const log = recordingLog();
  let now = expiry - 1;
  const read = createReadPerson({ now: () => now, log }, { id: 'corp', attributes, emailDomain: undefined });
  const principal = expect.objectContaining({ directoryId: 'corp', entryId: 'id-1', dn: entry.dn });

  test('is disabled from the moment on that the entry says, and nothing is logged about it', () => {
    const expiring = { ...entry, krbprincipalexpiration: '20261124000000Z' };
    expect(read(entry)).toEqual({ principal });
    expect(read(expiring)).toEqual({ principal });
    now = expiry;
    expect(read(expiring)).toEqual({ principal, isDisabled: true });
    expect(log.lines).toEqual([]);
  });

  test('is taken for disabled where the entry says what cannot be read, and the log says which attribute', () => {
    const unclear = { ...entry, krbPrincipalExpiration: 'never, I hope' };
    expect(read(unclear)).toEqual({ principal, isDisabled: true });
    expect(log.lines).toEqual([
      expect.stringMatching(
        /"directory":"corp","dn":"uid=alice,dc=org","attribute":"krbPrincipalExpiration"/,
      ),
    ]);
    expect(log.lines.join()).not.toContain('I hope');
  });

  test('is nobody where the entry has no id', () => {
    expect(() => read({ ...entry, entryUUID: [] })).toThrow(Unavailable);
  });
});
