import { describe, expect, test } from '@jest/globals';
import { readPeople } from '../../../src/adapters/file/read-people.ts';
import { aliceHash, alicesEntry, peopleText } from './people-text.ts';

function faultsOf(text: string): readonly string[] {
  const read = readPeople('p.yaml', text);
  return 'faults' in read ? read.faults : [];
}

const bob = { id: 'bob', username: 'bob', email: 'bob@example.org' };

describe('faults of a file of people', () => {
  test.each([
    [
      'an id of other characters',
      { id: 'a b' },
      'id ("alice"): not an id; write up to 128 letters, digits, - and _',
    ],
    [
      'an id that is a number',
      { id: 7 },
      'id ("alice"): missing or not text; give the person a permanent id',
    ],
    ['no id', { id: undefined }, 'id ("alice"): missing or not text; give the person a permanent id'],
    ['no username', { username: undefined }, 'username: missing or not text'],
    ['an empty username', { username: '' }, 'username (""): empty, or with space around it'],
    [
      'a username with space around it',
      { username: ' al' },
      'username (" al"): empty, or with space around it',
    ],
    [
      'an invisible character',
      { username: 'al\u200b' },
      'username ("al\u200b"): has control or invisible characters',
    ],
    [
      'a control character',
      { username: 'al\u0007' },
      'username ("al\\u0007"): has control or invisible characters',
    ],
    [
      'a long username',
      { username: 'a'.repeat(257) },
      `username ("${'a'.repeat(257)}"): longer than 256 characters`,
    ],
    ['an email that is none', { email: 'alice' }, 'email ("alice"): no email; write such as ops@example.org'],
    [
      'no email',
      { email: undefined },
      'email ("alice"): not exactly one of email and emails; write one of them',
    ],
    [
      'email and emails',
      { emails: ['a@b'] },
      'email ("alice"): not exactly one of email and emails; write one of them',
    ],
    [
      'emails of which one is none',
      { email: undefined, emails: ['a@b', 'c'] },
      'emails[1] ("alice"): no email; write such as ops@example.org',
    ],
    [
      'no emails in the list',
      { email: undefined, emails: [] },
      'emails ("alice"): empty; write at least one',
    ],
    [
      'no password',
      { password: undefined },
      'password ("alice"): missing or not text; make one by latchkey hash-password',
    ],
    [
      'a password in clear',
      { password: 'hunter2' },
      'password ("alice"): not a hash that is taken; make one by latchkey hash-password',
    ],
    ['disabled: yes', { disabled: 'yes' }, 'disabled ("alice"): neither true nor false'],
    ['passwordExpired: 1', { passwordExpired: 1 }, 'passwordExpired ("alice"): neither true nor false'],
    ['an unknown setting', { pasword: 'hunter2' }, 'pasword ("alice"): unknown setting'],
  ])('tell of %s', (_, different, fault) => {
    expect(faultsOf(peopleText(alicesEntry(different)))).toEqual([`p.yaml: people[0].${fault}`]);
  });

  test.each([
    ['an id', { id: '11111111-1111-4111-8111-111111111111' }, 'id'],
    ['an id in another case', { id: 'BOB', username: 'b2', email: 'b2@example.org' }, 'id', bob],
    ['a username', { username: 'ALICE' }, 'username'],
    ['an email', { email: 'Alice@Example.org' }, 'email'],
    [
      "an email among others, that is another's username",
      { email: undefined, emails: ['x@y', 'z@y'] },
      'emails[1]',
      { id: '1', username: 'Z@y' },
    ],
    [
      'a username in another normal form',
      { id: '2', username: 'jose\u0301', email: 'j2@example.org' },
      'username',
      { id: '1', username: 'josé' },
    ],
  ])('tell of %s that two people share', (_, different, field, first: object = {}) => {
    const second = { ...bob, ...different };
    const text = peopleText(alicesEntry(first), alicesEntry(second));
    const name = JSON.stringify(second.username);
    expect(faultsOf(text)).toEqual([`p.yaml: people[1].${field} (${name}): belongs to people[0] already`]);
  });

  test.each([
    ['nothing', '', 'no mapping; write people: and a list below it'],
    ['a list', '[]', 'no mapping; write people: and a list below it'],
    [
      'something else',
      'person: []',
      'people: missing or no list; write the people below it\np.yaml: person: unknown setting',
    ],
    ['no list of people', 'people: {}', 'people: missing or no list; write the people below it'],
    ['no YAML', 'people:\n  - "hunter2', 'not YAML (MISSING_CHAR, line 2)'],
    ['a key twice', 'people: []\npeople: []', 'not YAML (DUPLICATE_KEY, line 2)'],
    [
      'a password that YAML takes for an alias',
      'people:\n  - password: *hunter2',
      'not YAML (an alias, *…, leads nowhere, or there are too many); quote text that begins with *',
    ],
    [
      'a person who is none',
      'people: [hunter2]',
      'people[0]: not a person; write a mapping with id, username, email and password',
    ],
    [
      'a person who is null',
      'people: [null]',
      'people[0]: not a person; write a mapping with id, username, email and password',
    ],
  ])('tell where the file holds %s', (_, text, fault) => {
    const faults = faultsOf(text);
    expect(faults.join('\n')).toBe(`p.yaml: ${fault}`);
    expect(faults.join('\n')).not.toContain('hunter2');
  });

  test('are told all at once, and none tells what stands for a password', () => {
    const hash = aliceHash;
    const text = peopleText(
      alicesEntry({ password: 'hunter2', disabled: 3 }),
      alicesEntry({ id: 'x', passwort: hash, password: [hash] }),
    );
    const faults = faultsOf(text);
    expect(faults.map((line) => line.split(' ')[1])).toEqual([
      'people[0].password',
      'people[0].disabled',
      'people[1].password',
      'people[1].passwort',
      'people[1].username',
      'people[1].email',
    ]);
    expect(faults.join()).not.toContain('hunter2');
    expect(faults.join()).not.toContain(hash);
  });
});

test('somebody’s email may be their username too', () => {
  const entry = alicesEntry({ username: 'alice@example.org' });
  expect(readPeople('p.yaml', peopleText(entry))).toMatchObject({
    people: [{ username: 'alice@example.org' }],
  });
});
