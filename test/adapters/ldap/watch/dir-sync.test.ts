import { describe, expect, test } from '@jest/globals';
import { Ber, BerReader, BerWriter } from 'ldapts';
import { DirSyncControl } from '../../../../src/adapters/ldap/watch/dir-sync-control.ts';
import { readCursor, writeCursor } from '../../../../src/adapters/ldap/watch/dir-sync-cursor.ts';
import { Unavailable } from '../../../../src/errors.ts';

describe('the DirSync control', () => {
  test('asks for what the account may read, values that came and went, since a cookie', () => {
    const writer = new BerWriter();
    new DirSyncControl(Buffer.from('cookie'), 1000).write(writer);
    const control = new BerReader(writer.buffer);
    control.readSequence();
    expect(control.readString()).toBe('1.2.840.113556.1.4.841');
    expect(control.readBoolean()).toBe(true);
    const value = new BerReader(control.readString(Ber.OctetString, true) ?? Buffer.alloc(0));
    value.readSequence();
    expect([value.readInt(), value.readInt(), value.readString()]).toEqual([1 - 2 ** 31, 1000, 'cookie']);
  });

  test.each([
    [1, true],
    [0, false],
  ])('reads the cookie, and whether there is more (%i)', (more, hasMore) => {
    const value = new BerWriter();
    value.startSequence();
    value.writeInt(more);
    value.writeInt(0);
    value.writeBuffer(Buffer.from([0xff, 0x00]), Ber.OctetString);
    value.endSequence();
    const control = new DirSyncControl(undefined, 1000);
    control.parse(new BerReader(value.buffer));
    expect(control).toMatchObject({ hasMore, cookie: Buffer.from([0xff, 0x00]) });
  });

  test('has a cookie that is kept as text, of a bounded length', () => {
    const cookie = Buffer.from([0xff, 0x00, 0x80]);
    expect(readCursor(writeCursor(cookie))).toEqual(cookie);
    expect(readCursor('dirSync ')).toBeUndefined();
    expect(() => writeCursor(Buffer.alloc(65_537))).toThrow(Unavailable);
  });
});
