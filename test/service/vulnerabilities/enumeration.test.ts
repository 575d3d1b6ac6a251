import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type OpenLdap, startOpenLdap } from '../../support/open-ldap.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { signIn } from '../stack.ts';
import { startOver } from './over-ldap.ts';

/** Every state that somebody who is refused may be in; no name twice, since the answer shows what is left of its budget. */
const refused: readonly [state: string, username: string, password: string][] = [
  ['a wrong password', 'alice', 'wrong'],
  ['a wrong password and an expired one', 'erin', 'wrong'],
  ['a wrong password that must change', 'carol', 'wrong'],
  ['a lock by an administrator', 'dave', 'dave-secret'],
  ['a lock by wrong passwords', 'lena', 'lena-secret'],
  ['a lock, and a wrong password', 'lena@example.org', 'wrong'],
  ['an expired account, and a wrong password', 'sven', 'wrong'],
  ['no membership in the required group', 'bob', 'bob-secret'],
  ['an empty password', 'victim', ''],
  ['a malformed name', 'alice\0', 'alice-secret'],
  ['a name of SASL', 'EXTERNAL', 'dn:cn=latchkey'],
];

/** What differs from answer to answer whoever is asked for. */
const own = new Set(['date', 'x-request-id', 'x-ratelimit-reset']);

describe('what somebody who is refused is answered', () => {
  let ldap: OpenLdap;
  let service: ServiceProcess;
  beforeAll(async () => {
    ldap = await startOpenLdap({ policies: true, useLockout: true });
    service = await startOver({
      env: { LDAP_URL: ldap.url, LDAP_REQUIRED_GROUP: `cn=staff,ou=groups,${ldap.baseDn}` },
      settings: { limits: { perAddress: { attempts: 1000, window: '1m' } } },
    });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await ldap?.[Symbol.asyncDispose]();
  });

  const answer = async (username: string, password: string) => {
    const { status, text, headers } = await signIn(service.url, username, password);
    return { status, text, headers: [...headers].filter(([name]) => !own.has(name)) };
  };

  test.each(refused)('is to the byte what an unknown person is: %s', async (_state, username, password) => {
    const unknown = await answer(`nobody beside ${username}`, 'secret');
    expect(unknown.status).toBe(401);
    expect(await answer(username, password)).toEqual(unknown);
  });

  test('is the same again once the attempts are spent, whether there is such a person or not', async () => {
    const spend = async (username: string) => {
      const answers = [];
      for (let attempt = 0; attempt < 7; attempt++) {
        const { text, ...rest } = await answer(username, `guess ${attempt}`);
        answers.push({ ...rest, text: text.replace(/"retry-after":[\d.]+/, '"retry-after":…') });
      }
      return answers.map(({ headers, ...rest }) => ({
        ...rest,
        // How long to wait is written with as many digits as it has.
        headers: headers.filter(([name]) => name !== 'retry-after' && name !== 'content-length'),
      }));
    };
    const [known, unknown] = [await spend('frank'), await spend('nobody')];
    expect(known.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 429, 429]);
    expect(unknown).toEqual(known);
  });
});
