import { describe, expect, test } from '@jest/globals';
import { compareLookUps } from '../../src/doctor/person/id-look-up.ts';

/** A server that takes so long for each of the two, by a clock that only it moves. */
async function comparing(byIdMs: number, byDnMs: number, preset = 'openldap', attribute = 'entryUUID') {
  let time = 0;
  const asked: string[] = [];
  const taking = (name: string, ms: number) => async () => {
    asked.push(name);
    time += ms;
  };
  const look = await compareLookUps(
    { byId: taking('id', byIdMs), byDn: taking('dn', byDnMs) },
    attribute,
    preset,
    () => time,
  );
  return { look, asked };
}

describe('the look-up by immutable id', () => {
  test('is as good as an index where it takes about what a read by DN does', async () => {
    const { look, asked } = await comparing(1.2, 0.9);
    expect(look).toMatchObject({
      status: 'ok',
      seen: 'by entryUUID: 1.2 ms; by DN, which is what an index gives: 0.9 ms',
    });
    expect(asked.filter((one) => one === 'id')).toHaveLength(6);
  });

  test.each([
    ['openldap', 'entryUUID', 'add an index: olcDbIndex: entryUUID eq'],
    ['389ds', 'nsUniqueId', 'dsconf INSTANCE backend index add --attr nsUniqueId --index-type eq'],
    ['freeipa', 'ipaUniqueID', 'dsconf INSTANCE backend index add --attr ipaUniqueID'],
    ['active-directory', 'objectGUID', 'objectGUID is always indexed in Active Directory'],
  ])('asks for an index of %s where it takes much longer', async (preset, attribute, fix) => {
    const { look } = await comparing(80, 1, preset, attribute);
    expect(look).toMatchObject({ status: 'warning', fix: expect.stringContaining(fix) });
  });

  test('asks for none over a difference that nobody notices, nor where the server is slow at everything', async () => {
    expect((await comparing(2, 0.1)).look.status).toBe('ok');
    expect((await comparing(90, 60)).look.status).toBe('ok');
  });
});
