import { describe, expect, test } from '@jest/globals';
import { createCanonicalName } from '../../src/keys/canonical-name.ts';
import { isOwnersName, ownerOf, sameOwner } from '../../src/keys/owner.ts';
import type { Principal } from '../../src/ports/principal.ts';

const canonical = createCanonicalName([]);
const alice: Principal = {
  directoryId: 'default',
  entryId: 'e1',
  dn: 'uid=alice',
  username: 'alice',
  emails: ['alice@example.org', 'a@example.org'],
  fullName: 'Alice Archer',
  groups: [],
};
const owner = ownerOf(alice, undefined, canonical);

describe("an account's owner", () => {
  test('carries the first email at first', () => {
    expect(owner.email).toBe('alice@example.org');
  });

  test('keeps the email it has while that is still among them, in whatever order', () => {
    const turned = ownerOf({ ...alice, emails: ['a@example.org', 'alice@example.org'] }, owner, canonical);
    expect(turned.email).toBe('alice@example.org');
  });

  test('takes the first email when its own is gone', () => {
    expect(ownerOf({ ...alice, emails: ['new@example.org', 'a@example.org'] }, owner, canonical).email).toBe(
      'new@example.org',
    );
  });

  test('needs an email', () => {
    expect(() => ownerOf({ ...alice, emails: [] }, undefined, canonical)).toThrow(RangeError);
  });

  test('remembers the last four names that were its own, the latest first', () => {
    const names = ['b', 'c', 'd', 'e', 'f'];
    const renamed = names.reduce(
      (before, username) => ownerOf({ ...alice, username }, before, canonical),
      owner,
    );
    expect(renamed.formerNames).toEqual(['e', 'd', 'c', 'b']);
    expect(isOwnersName(renamed, 'alice', canonical)).toBe(false);
    expect(isOwnersName(renamed, 'B', canonical)).toBe(true);
  });

  test('does not list as former what is its own again', () => {
    const away = ownerOf({ ...alice, username: 'b' }, owner, canonical);
    const back = ownerOf(alice, away, canonical);
    expect(back.formerNames).toEqual(['b']);
  });

  test('is known by login name and emails in any spelling, and by no other name', () => {
    for (const name of ['alice', ' ALICE ', 'Alice@Example.org', 'a@example.org']) {
      expect(isOwnersName(owner, name, canonical)).toBe(true);
    }
    for (const name of ['bob', '', 'alice@example.com'])
      expect(isOwnersName(owner, name, canonical)).toBe(false);
  });

  test('is known by no name that is longer than any, not even by its own', () => {
    const long = 'h'.repeat(257);
    const named = ownerOf({ ...alice, username: long }, undefined, canonical);
    expect(isOwnersName(named, long, canonical)).toBe(false);
    expect(isOwnersName(named, 'alice@example.org', canonical)).toBe(true);
  });

  test('is the same only where every attribute is', () => {
    expect(sameOwner(owner, ownerOf(alice, owner, canonical))).toBe(true);
    expect(sameOwner(owner, { ...owner, fullName: 'Alice B.' })).toBe(false);
    expect(sameOwner(owner, { ...owner, emails: [owner.email] })).toBe(false);
    expect(sameOwner(owner, { ...owner, formerNames: ['x'] })).toBe(false);
    expect(sameOwner(owner, { ...owner, groups: ['staff'] })).toBe(false);
    expect(sameOwner(owner, { ...owner, emailIsShared: true })).toBe(false);
  });
});
