import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { BerReader, BerWriter } from 'ldapts';
import { parse } from 'yaml';
import { parseUserFilter } from '../../../../src/adapters/ldap/people/user-filter.ts';
import { inRepository } from '../../../support/repository.ts';

/** A filter as it goes over the wire: a tag and either its parts or its bytes. */
type Ber = { tag: number; parts: Ber[] } | { tag: number; bytes: Buffer };

const constructed = 0x20;

function readBer(bytes: Buffer): Ber[] {
  const reader = new BerReader(bytes);
  const read: Ber[] = [];
  while (reader.remain > 0) {
    const tag = reader.readSequence() ?? -1;
    const content = bytes.subarray(reader.offset, reader.offset + reader.length);
    reader.offset += content.length;
    read.push(tag & constructed ? { tag, parts: readBer(content) } : { tag, bytes: content });
  }
  return read;
}

function written(template: string, username: string): Ber | undefined {
  const writer = new BerWriter();
  parseUserFilter(template)(username).write(writer);
  return readBer(writer.buffer)[0];
}

const leaf = (text: string): Ber => ({ tag: 0x04, bytes: Buffer.from(text) });
const equal = (attribute: string, value: string): Ber => ({
  tag: 0xa3,
  parts: [leaf(attribute), leaf(value)],
});
const username = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'*()\\\0&|!=,', '{username}', '$&', 'é', '\\2a', 'uid') }),
);

describe('a user filter', () => {
  test('has the shape of its template and the very username in its places, whatever is typed', () => {
    const template = '(&(objectClass=person)(!(uid=root))(|(uid={username})(mail={username}@corp.example)))';
    fc.assert(
      fc.property(username, (typed) => {
        expect(written(template, typed)).toEqual({
          tag: 0xa0,
          parts: [
            equal('objectClass', 'person'),
            { tag: 0xa2, parts: [equal('uid', 'root')] },
            { tag: 0xa1, parts: [equal('uid', typed), equal('mail', `${typed}@corp.example`)] },
          ],
        });
      }),
      { numRuns: 1_000 },
    );
  });

  test('may be one bare match, and may deny one', () => {
    expect(written('(uid={username})', 'josé')).toEqual(equal('uid', 'josé'));
    expect(written('(!(uid={username}))', 'a')).toEqual({ tag: 0xa2, parts: [equal('uid', 'a')] });
  });

  test('may name the username twice in one value', () => {
    expect(written('(mail={username}@{username}.example)', 'a')).toEqual(equal('mail', 'a@a.example'));
  });

  test('keeps every other kind of match as it stands', () => {
    expect(
      written(
        '(&(mail=*)(cn=a*b*c)(uidNumber>=5)(uidNumber<=9)(cn~=x)(cn:dn:2.5.13.2:=y)(uid={username}))',
        '*',
      ),
    ).toMatchObject({
      tag: 0xa0,
      parts: [
        { tag: 0x87, bytes: Buffer.from('mail') },
        { tag: 0xa4 },
        { tag: 0xa5 },
        { tag: 0xa6 },
        { tag: 0xa8 },
        { tag: 0xa9 },
        equal('uid', '*'),
      ],
    });
  });

  test('keeps the text beyond ASCII of its template, also where it is escaped as RFC 4515, 3 has it', () => {
    const parts = [equal('ou', 'Zürich'), equal('uid', 'a')];
    expect(written('(&(ou=Zürich)(uid={username}))', 'a')).toEqual({ tag: 0xa0, parts });
    expect(written('(&(ou=Z\\c3\\bcrich)(uid={username}))', 'a')).toEqual({ tag: 0xa0, parts });
  });

  test.each([
    ['has no placeholder', '(uid=alice)'],
    ['is empty', ''],
    ['is no filter', 'uid={username})('],
    ['is not closed', '(&(uid={username})'],
    ['has it in a substring match', '(uid={username}*)'],
    ['has it in a substring match beside an equality match', '(|(uid={username})(cn=*{username}*))'],
    ['has it in an extensible match', '(cn:2.5.13.2:={username})'],
    ['has it in an approximate match', '(cn~={username})'],
    ['has it in an ordering match', '(&(uid={username})(uidNumber>={username}))'],
    ['has it for an attribute', '({username}=alice)'],
    ['has it for an attribute beside an equality match', '(|(uid={username})({username}=*))'],
    ['has it for a whole filter', '{username}'],
    ['has it in other letters', '(uid={Username})'],
  ])('is refused where it %s', (_, template) => {
    expect(() => parseUserFilter(template)).toThrow();
  });

  test.each(['default', 'active-directory', 'freeipa'])('of config/%s.yaml is one', async (name) => {
    const settings = parse(await readFile(inRepository(`config/${name}.yaml`), 'utf8'));
    const filter: string = name === 'default' ? settings.directory.userFilter : settings.userFilter;
    const places = filter.split('{username}').length - 1;
    const filled = JSON.stringify(written(filter, 'alice')).split(JSON.stringify(Buffer.from('alice')));
    expect(filled).toHaveLength(places + 1);
    expect(places).toBeGreaterThan(0);
  });
});
