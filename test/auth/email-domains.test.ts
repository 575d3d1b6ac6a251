import { describe, expect, test } from '@jest/globals';
import { createMemoryDirectory } from '../../src/adapters/memory/directory.ts';
import { withEmailDomains } from '../../src/auth/email-domains.ts';
import { alice } from '../adapters/directory-contract.ts';

const mixed = {
  ...alice,
  emails: ['boss@foreign.example', 'alice@CORP.example', 'odd', 'x@sub.corp.example'],
};
const inner = createMemoryDirectory([
  { principal: mixed, password: 'secret' },
  { principal: { ...alice, entryId: 'off', username: 'off' }, password: 'x', state: 'account-disabled' },
]);
const directory = withEmailDomains(inner, ['Corp.Example']);
const own = { principal: { ...mixed, emails: ['alice@CORP.example'] } };

describe('a directory of some email domains', () => {
  test('says nothing of emails of others, whatever it is asked', async () => {
    expect(await directory.find('boss@foreign.example')).toEqual(own);
    expect(await directory.verifyPassword(mixed, 'secret')).toEqual(own);
    expect(await directory.admit(mixed)).toEqual(own);
    expect(await directory.list(1)).toEqual([own.principal]);
  });

  test('counts an email of others for none', async () => {
    expect(await directory.countByEmail('boss@foreign.example')).toBe(0);
    expect(await directory.countByEmail('odd')).toBe(0);
    expect(await directory.countByEmail('ALICE@corp.example')).toBe(1);
  });

  test('leaves all else as the directory says it', async () => {
    expect(await directory.find('off')).toMatchObject({ isDisabled: true });
    expect(await directory.find('nobody')).toEqual({ refusal: 'unknown-user' });
    expect(await directory.verifyPassword(mixed, 'wrong')).toEqual({ refusal: 'wrong-password' });
    inner.setAway(true);
    await expect(directory.ping()).rejects.toThrow('away');
    inner.setAway(false);
  });

  test('is itself where no domain is named', () => {
    expect(withEmailDomains(inner, [])).toBe(inner);
  });
});
