import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadName, loadPeople } from '../support/people.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { interleaved, isApart } from './distributions.ts';
import { type SignInAnswer, type Stack, signIn, startStack } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const SPENT = 4;
/** How often each kind of refusal is asked for in one comparison. */
const ROUNDS = 300;
/** A machine that is busy with something else may spoil one comparison, and hardly three in a row. */
const COMPARISONS = 3;

/** One wrong password spends the attempts of a person, and none those of a name. */
const SETTINGS = {
  directory: { lockout: { threshold: 2 } },
  limits: {
    perUsername: { attempts: 4 },
    familiar: { attempts: 4 },
    perAddress: { attempts: 1_000_000, window: '1m' },
  },
};

/** As many people as are needed for everybody to be asked for once: with an email, without, and disabled. */
function crowd(): string {
  const everybody = loadPeople(3 * ROUNDS * COMPARISONS + 6);
  return everybody.replace(
    /^objectClass: inetOrgPerson\nuid: user(\d+)\n(?:.*\n)*?mail: .*\n/gm,
    (person, number) => {
      if (Number(number) % 3 === 1) return person;
      if (Number(number) % 3 === 2) return person.replace(/^mail: .*\n/m, '');
      return `objectClass: shadowAccount\n${person}shadowExpire: 1\n`;
    },
  );
}

/** What of an answer must not depend on who was asked for: all but what names the request and its time. */
function likeness({ status, text, headers }: SignInAnswer): object {
  const own = ['date', 'x-request-id', 'x-ratelimit-reset'];
  return { status, text, headers: [...headers].filter(([name]) => !own.includes(name)) };
}

describe('a refusal', () => {
  let stack: Stack;
  let service: ServiceProcess;
  const asked = [0, 0, 0, 0, 0];
  beforeAll(async () => {
    stack = await startStack({ ldap: { ldif: crowd() } });
    // Without the proxies: they add delays of their own, in which a difference could hide.
    service = await stack.startService({
      ...{ LDAP_URL: stack.ldap.url, REDIS_URL: stack.redis.url },
      LATCHKEY_CONFIG: yamlFile(JSON.stringify(SETTINGS)),
    });
    await another(1);
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  const wrong = (username: string) => signIn(service.url, username, 'wrong');
  /** Somebody else every time, whose attempts are not spent yet: 1, 2 and 3 as in `crowd`, 0 for nobody. */
  const another = (kind: 0 | 1 | 2 | 3) => {
    const turn = (asked[kind] ?? 0) % (ROUNDS * COMPARISONS + 2);
    asked[kind] = turn + 1;
    return wrong(kind === 0 ? `nobody${turn}` : loadName(3 * turn + kind));
  };
  /** By an email of somebody whose login name was asked for once, so that their attempts are spent. */
  const spent = () => {
    const turn = asked[SPENT] ?? 0;
    if (turn >= (asked[1] ?? 0)) throw new Error('nobody has spent theirs yet');
    asked[SPENT] = turn + 1;
    return wrong(`${loadName(3 * turn + 1)}@example.org`);
  };
  const refusals = {
    'a wrong password': () => another(1),
    'somebody without an email': () => another(2),
    'somebody whose account is over': () => another(3),
    'somebody whom no directory knows': () => another(0),
    'somebody whose attempts are spent': spent,
  };
  const atOnce = { 'a name that is none': () => wrong('nobody\u0007') };

  test('is the same answer, whatever the reason', async () => {
    const answers = [];
    for (const ask of Object.values(refusals)) answers.push(await ask());
    const [first, ...others] = answers.map(likeness);
    expect(first).toMatchObject({ status: 401 });
    for (const other of others) expect(other).toEqual(first);
    const outcomes = () => service.logs().flatMap(({ outcome }) => outcome ?? []);
    await until('all are logged', () => outcomes().length === 6);
    expect(outcomes()).toEqual([
      'wrong-password',
      ...['wrong-password', 'no-email', 'wrong-password', 'unknown-user', 'attempts-spent'],
    ]);
  });

  test('takes the same time, whatever the reason, unless it asks no directory', async () => {
    let apart: string[] = Object.keys(refusals);
    for (let time = 0; time < COMPARISONS && apart.length > 0; time++) {
      const { 'a name that is none': none, ...took } = await interleaved(ROUNDS, { ...refusals, ...atOnce });
      // The comparison would see it: this one asks no directory.
      expect(isApart(took['a wrong password'], none)).toBe(true);
      apart = Object.entries(took).flatMap(([reason, times]) =>
        apart.includes(reason) && isApart(took['a wrong password'], times) ? [reason] : [],
      );
    }
    expect(apart).toEqual([]);
  }, 300_000);
});
