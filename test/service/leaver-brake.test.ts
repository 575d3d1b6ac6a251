import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Admin, asAdmin } from '../adapters/ldap/watch/as-admin.ts';
import { loadName, loadPeople } from '../support/people.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { type SignInAnswer, type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const PEOPLE = 24;
/** More than a fifth, and at least five: with 24 people, the fifth is one too many. */
const LEAVER_BRAKE = { share: 0.2, atLeast: 5, window: '5m' };
const MAY_LEAVE = LEAVER_BRAKE.atLeast - 1;

const RIGHT = '(&(objectClass=person)(|(uid={username})(mail={username})))';
/** Shows one person of all. */
const WRONG = '(&(objectClass=person)(employeeType=staff)(|(uid={username})(mail={username})))';

/** Every verification asks the directory first, so that its answer is the directory's. */
const keys = {
  ...{ revalidateAfter: '100ms', maxStaleness: '200ms', revalidateWithin: '10s' },
  leaverBrake: LEAVER_BRAKE,
};
const settingsWith = (userFilter: string) => yamlFile(JSON.stringify({ keys, directory: { userFilter } }));

describe('a user filter that shows nearly nobody any more, with two replicas', () => {
  let stack: Stack;
  let admin: Admin;
  let replicas: readonly ServiceProcess[] = [];
  const owners: SignInAnswer[] = [];
  /** Whom the wrong filter shows all the same. */
  let shown: SignInAnswer;

  const dnOf = (number: number) => `uid=${loadName(number)},ou=people,${stack.ldap.baseDn}`;
  const restart = async (userFilter: string) => {
    await Promise.all(replicas.map((replica) => replica[Symbol.asyncDispose]()));
    const LATCHKEY_CONFIG = settingsWith(userFilter);
    replicas = await Promise.all([1, 2].map(() => stack.startService({ LATCHKEY_CONFIG })));
  };
  /** Whose keys a replica takes for good ones. */
  const livingAt = async (replica: ServiceProcess): Promise<SignInAnswer[]> => {
    const answers = await Promise.all(owners.map(({ apiKey }) => verify(replica.url, apiKey)));
    return owners.filter((_, at) => answers[at]?.status === 200);
  };
  const living = () => Promise.all(replicas.map(livingAt));
  const untilLiving = (count: number) =>
    until(`${count} keys are good`, async () => (await living()).every(({ length }) => length === count));
  const audited = (event: string) =>
    replicas.flatMap((replica) => replica.logs().filter(({ audit }) => audit === event));
  /** Why each was suspended, or is undefined where they live again; two replicas may tell of the same. */
  const reasons = (event: 'account-suspended' | 'account-restored') =>
    new Map(audited(event).map(({ userId, reason }) => [userId, String(reason)]));
  const sample = async ({ url }: ServiceProcess, series: string) => {
    const text = await (await fetch(`${url}/metrics`)).text();
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(`${series} `))
        ?.split(' ')[1],
    );
  };
  const brake = async (...args: string[]) => {
    const env = { ...stack.env, LATCHKEY_CONFIG: settingsWith(RIGHT) };
    const { code, out, err } = await runLatchkey(env, ['brake', ...args]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    return out;
  };
  /** Asks about everybody until both replicas have asked the directory, in vain, about all of whom it is silent. */
  const untilHeldBack = async (count: number) => {
    const series = 'latchkey_revalidations_total{directory="default",outcome="unanswered"}';
    const before = await Promise.all(replicas.map((replica) => sample(replica, series)));
    await until('the brake has kept all others in', async () => {
      await living();
      const now = await Promise.all(replicas.map((replica) => sample(replica, series)));
      return now.every((one, at) => one - (before[at] ?? 0) >= count);
    });
  };

  beforeAll(async () => {
    stack = await startStack({ ldap: { ldif: loadPeople(PEOPLE) } });
    admin = await asAdmin(stack.ldap);
    await admin.change(dnOf(PEOPLE), 'add', 'employeeType', 'staff');
    await restart(RIGHT);
    for (let number = 1; number <= PEOPLE; number += 1) {
      const url = replicas[number % 2]?.url ?? '';
      owners.push(await signIn(url, loadName(number), `secret-${loadName(number)}`));
    }
    shown = owners.at(-1) as SignInAnswer;
  });
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  test('puts a few people out, and no more once the brake holds on both replicas', async () => {
    await until('all have been asked about', async () => {
      await living();
      return (await brake()).includes(`does not hold; 0 of ${PEOPLE} `);
    });
    await restart(WRONG);
    await until('the brake holds', async () => {
      await living();
      return audited('leaver-brake-holds').length > 0;
    });
    await untilHeldBack(PEOPLE - 1 - MAY_LEAVE);
    const [here, there] = await living();
    expect(here).toHaveLength(PEOPLE - MAY_LEAVE);
    expect(there).toEqual(here);
    await until('the log says it of each', () => reasons('account-suspended').size >= MAY_LEAVE);
    expect([...reasons('account-suspended').values()]).toEqual(Array(MAY_LEAVE).fill('not-found'));
  });

  test('is told to the log once and loudly, to Prometheus and to an operator who asks', async () => {
    expect(audited('leaver-brake-holds')).toMatchObject([
      { level: 'error', directory: 'default', checked: PEOPLE, absent: MAY_LEAVE + 1 },
    ]);
    for (const replica of replicas) {
      expect(await sample(replica, 'latchkey_leaver_brake_held{directory="default"}')).toBe(1);
      expect((await fetch(`${replica.url}/readyz`)).status).toBe(200);
    }
    expect(await brake()).toMatch(/^default: holds since .*; \d+ of 24 that were checked lately/);
  });

  test('does not keep in whom the directory shows and says to be out', async () => {
    await admin.change(dnOf(PEOPLE), 'add', 'objectClass', 'shadowAccount');
    await admin.change(dnOf(PEOPLE), 'add', 'shadowExpire', '18000');
    await untilLiving(PEOPLE - MAY_LEAVE - 1);
    const reason = () => reasons('account-suspended').get(shown.userId);
    expect(await until('the log says it', reason)).toBe('account-disabled');
  });

  test('lets everybody live again once it is mended, those few who went as well', async () => {
    await restart(RIGHT);
    await untilLiving(PEOPLE - 1);
    await until('the log says it of each', () => reasons('account-restored').size >= MAY_LEAVE);
    expect(reasons('account-restored').size).toBe(MAY_LEAVE);
    expect(reasons('account-suspended').size).toBe(0);
    expect(await brake()).toContain('holds since');
  });

  test('lets nobody go when it comes again, until an operator releases the brake', async () => {
    await restart(WRONG);
    await untilHeldBack(PEOPLE - 1);
    expect((await living()).map(({ length }) => length)).toEqual([PEOPLE - 1, PEOPLE - 1]);
    expect(reasons('account-suspended').size).toBe(0);
    expect(await brake('release', '--for', '1h')).toMatch(/^default: released until /);
    await untilLiving(0);
    for (const replica of replicas)
      expect(await sample(replica, 'latchkey_leaver_brake_held{directory="default"}')).toBe(0);
  });
});
