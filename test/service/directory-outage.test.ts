import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Admin, asAdmin } from '../adapters/ldap/watch/as-admin.ts';
import { boundWith, watchDelays } from '../support/delays.ts';
import type { ServiceProcess } from '../support/service-process.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { until } from '../support/until.ts';
import { type SignInAnswer, type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const REVALIDATE_WITHIN_MS = 250;
/** What a verification may take beside that, where everybody answers at once, in milliseconds. */
const ASKING_MS = 250;
/** What hangs is given up after this: much later than a verification may wait, in milliseconds. */
const OPERATION_TIMEOUT_MS = 30_000;
const GRACE_MS = 10_000;

/** Nearly every verification wants to ask the directory first. */
const keys = {
  revalidateAfter: '100ms',
  maxStaleness: '200ms',
  revalidateWithin: `${REVALIDATE_WITHIN_MS}ms`,
};
const directory = { operationTimeout: `${OPERATION_TIMEOUT_MS}ms` };
/** Nobody but verifications asks the directory anything, so that they can be counted. */
const COUNTED = {
  keys,
  directory: { ...directory, watch: 'none', searchConnections: 1, probe: { first: '1h', atMost: '1h' } },
};
/** As usual, but for a grace that a test can wait for. */
const USUAL = {
  keys: { ...keys, outageGrace: `${GRACE_MS}ms` },
  directory: { ...directory, probe: { first: '100ms', atMost: '500ms' } },
};

describe('a good key, while the directory is away', () => {
  let stack: Stack;
  let admin: Admin;
  let proxy: TcpProxy;
  let counted: ServiceProcess;
  let usual: ServiceProcess;
  let alice: SignInAnswer;
  let bob: SignInAnswer;
  /** Has left before. */
  let carol: SignInAnswer;

  const statusOf = async (service: ServiceProcess, { apiKey }: SignInAnswer) =>
    (await verify(service.url, apiKey)).status;
  const ofAll = () => Promise.all([alice, bob, carol].map((one) => statusOf(usual, one)));
  const peopleDn = (ou = 'people') => `ou=${ou},${stack.ldap.baseDn}`;

  beforeAll(async () => {
    stack = await startStack();
    proxy = await startTcpProxy({ port: stack.ldap.port });
    admin = await asAdmin(stack.ldap);
    const LDAP_URL = `ldap://127.0.0.1:${proxy.port}`;
    counted = await stack.startService({ LATCHKEY_CONFIG: yamlFile(JSON.stringify(COUNTED)), LDAP_URL });
    usual = await stack.startService({ LATCHKEY_CONFIG: yamlFile(JSON.stringify(USUAL)) });
    [alice, bob, carol] = await Promise.all([
      signIn(usual.url, 'alice', 'alice-secret'),
      signIn(usual.url, 'bob', 'bob-secret'),
      signIn(usual.url, 'carol', 'carol-secret'),
    ]);
    await admin.client.del(`uid=carol,${peopleDn()}`);
    await until('carol is out', async () => (await statusOf(usual, carol)) === 401);
  });
  afterEach(() => stack.ldap.resume());
  afterAll(async () => {
    await admin?.[Symbol.asyncDispose]();
    await proxy?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  const suspended = () =>
    [counted, usual].flatMap((service) =>
      service
        .logs()
        .filter(({ audit }) => audit === 'account-suspended')
        .map(({ userId }) => userId),
    );
  const unanswered = async () => {
    const text = await (await fetch(`${usual.url}/metrics`)).text();
    const series = 'latchkey_revalidations_total{directory="default",outcome="unanswered"}';
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(series))
        ?.split(' ')[1],
    );
  };

  test('whose base is gone is good: that is no answer about anybody', async () => {
    const before = await unanswered();
    await admin.client.modifyDN(peopleDn(), peopleDn('renamed'));
    const answers: number[][] = [];
    await until('the directory was asked', async () => {
      answers.push(await ofAll());
      return (await unanswered()) > before + 2;
    });
    expect(new Set(answers.map(String))).toEqual(new Set(['200,200,401']));
    await admin.client.modifyDN(peopleDn('renamed'), peopleDn());
    expect(suspended()).toEqual([carol.userId]);
  });

  test('which hangs is good after keys.revalidateWithin, and all who ask about it ask one question', async () => {
    await stack.ldap.pause();
    proxy.resetCounts();
    const times: number[] = [];
    const statuses: number[] = [];
    await until('the directory hangs with a question', async () => {
      statuses.push(await statusOf(counted, alice));
      return proxy.ldapOps().search > 0;
    });
    await using delays = await watchDelays({ services: [counted.url], redis: [stack.redis.port] });
    for (let asked = 0; asked < 5; asked += 1) {
      const begun = performance.now();
      const both = await Promise.all([statusOf(counted, alice), statusOf(counted, alice)]);
      times.push(performance.now() - begun);
      statuses.push(...both);
    }
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(proxy.ldapOps().search).toBe(1);
    await stack.ldap.resume();
    const worst = Math.max(...times);
    const what = 'until a key was verified at a directory that hangs';
    expect(worst).toBeLessThan(
      boundWith(what, worst, REVALIDATE_WITHIN_MS + ASKING_MS, await delays.worst()),
    );
    expect(worst).toBeGreaterThanOrEqual(REVALIDATE_WITHIN_MS - 1);
  });

  describe('which is down', () => {
    let downSince: number;
    beforeAll(async () => {
      await until('the key is fresh', async () => (await statusOf(usual, alice)) === 200);
      await stack.ldap.stop();
      downSince = performance.now();
    });
    /** Asks until the service knows; gives what it answered meanwhile. */
    const untilKnown = async (service: ServiceProcess) => {
      const statuses = new Set<number>();
      await until('the directory is known to be down', async () => {
        statuses.add(await statusOf(service, alice));
        return service.logs().some(({ msg }) => msg === 'a server of the directory is gone');
      });
      return [...statuses];
    };

    test('is good without anybody asking or waiting for the directory', async () => {
      expect(await untilKnown(counted)).toEqual([200]);
      proxy.resetCounts();
      for (let asked = 0; asked < 50; asked += 1) {
        expect([await statusOf(counted, alice), await statusOf(counted, bob)]).toEqual([200, 200]);
      }
      expect(proxy.counts.connections).toBe(0);
    });

    test('is good for keys.outageGrace, and then nobody can say: 503 with Retry-After', async () => {
      expect(await untilKnown(usual)).toEqual([200]);
      await until('the grace is over', async () => (await statusOf(usual, alice)) === 503);
      expect(performance.now() - downSince).toBeGreaterThan(GRACE_MS / 2);
      const refused = await verify(usual.url, alice.apiKey);
      expect(refused.headers.get('retry-after')).toMatch(/^[1-9][0-9]*$/);
      await until('the grace is over for all', async () => String(await ofAll()) === '503,503,401');
      expect((await fetch(`${usual.url}/readyz`)).status).toBe(200);
    });

    test('has suspended nobody, and is good again when the directory is back', async () => {
      await stack.ldap.start();
      await until('all is as before', async () => String(await ofAll()) === '200,200,401');
      const again = await signIn(usual.url, 'alice', 'alice-secret');
      expect([again.apiKey, again.userId]).toEqual([alice.apiKey, alice.userId]);
      expect(suspended()).toEqual([carol.userId]);
    });
  });
});
