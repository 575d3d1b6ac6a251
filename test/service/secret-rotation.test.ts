import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { patientSettings } from '../support/patient-settings.ts';
import { loadName, loadPeople } from '../support/people.ts';
import { runLatchkey } from '../support/run-latchkey.ts';
import { startServiceProcess } from '../support/service-process.ts';
import { until } from '../support/until.ts';
import { createActions } from './rotation/actions.ts';
import { startClients } from './rotation/clients.ts';
import {
  type Deployment,
  idOf,
  inEnvironment,
  type Secrets,
  secretOf,
  startDeployment,
} from './rotation/deployment.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

const names = Array.from({ length: 100 }, (_, at) => loadName(at + 1));
const cast = { steady: names.slice(0, 3), renewing: names.slice(3, 4), newcomers: names.slice(4, 90) };
/** Have signed in before the rotation, and not since. */
const AWAY = names.slice(90, 94);
const [STRANGER, ANOTHER] = names.slice(94) as [string, string];
const [OLD, NEW] = [randomBytes(32), randomBytes(32)] as const;
/** Eight processes are started one after the other, on a machine that is busy with clients. */
const TIMEOUT_MS = 240_000;

describe('a new secret', () => {
  let stack: Stack;
  let deployment: Deployment;
  /** Everybody's last key, by name. */
  const keys = new Map<string, string>();
  let withdrawn: Secrets = [];
  const actions = createActions(keys, () => withdrawn);
  const keyOf = (name: string): string => keys.get(name) ?? '';

  const latchkey = (ring: Secrets, ...args: string[]) =>
    runLatchkey({ ...stack.env, LATCHKEY_SECRET: inEnvironment(ring) }, ['secrets', ...args]);
  /** How many accounts carry each secret, by its id, as the command says. */
  const carried = async (ring: Secrets) => {
    const { secrets } = JSON.parse((await latchkey(ring, '--json')).out);
    return Object.fromEntries(secrets.map((one: { id: string; accounts: number }) => [one.id, one.accounts]));
  };
  /** How many of the last keys were derived with it. */
  const derived = (secret: Buffer) =>
    [...keys.values()].filter((key) => secretOf(key, [secret]) !== undefined).length;
  const come = (url: string, name: string) => signIn(url, name, `secret-${name}`);
  const everywhere = (ask: (url: string) => Promise<{ readonly status: number }>) =>
    Promise.all(deployment.replicas.map(async (replica) => (await ask(replica().url)).status));
  const untilReady = async (isReady: boolean, ...urls: string[]) => {
    for (const url of urls)
      await until(`the readiness of ${url} is ${isReady}`, async () => {
        const { secrets } = (await (await fetch(`${url}/readyz`)).json()) as { secrets: string };
        return secrets === (isReady ? 'accepted' : 'not accepted');
      });
  };

  beforeAll(async () => {
    stack = await startStack({ ldap: { ldif: loadPeople(names.length) } });
    deployment = await startDeployment(stack, [OLD]);
    const [one] = deployment.replicas;
    for (const name of [...cast.steady, ...cast.renewing, ...AWAY]) await actions.comeIn(one(), name);
  });
  afterAll(async () => {
    await stack?.[Symbol.asyncDispose]();
  });

  test(
    'replaces the old one in two steps without one wrong refusal, on two replicas in constant use',
    async () => {
      expect(await carried([OLD])).toEqual({ [idOf(OLD)]: 8 });
      await using clients = startClients(deployment, cast, actions);
      for (const ring of [[OLD, NEW], [NEW, OLD], [NEW]]) {
        if (ring.length === 1) withdrawn = [OLD];
        for (const place of [0, 1] as const) {
          await clients.next();
          await deployment.replace(place, ring, clients.next);
        }
        await clients.next();
        // Nobody has needed another key as long as the old secret was there, and everybody who comes has one now.
        const secrets = cast.steady.map((name) => secretOf(keyOf(name), [OLD, NEW]));
        expect(new Set(secrets)).toEqual(new Set([idOf(ring.length > 1 ? OLD : NEW)]));
      }
      await clients[Symbol.asyncDispose]();
      const { verified, signedIn, regenerated } = actions.counts;
      process.stderr.write(
        `a secret is replaced under ${verified} verifications, ${signedIn} sign-ins, ${regenerated} regenerations: ${actions.wrong.length} wrong answers\n`,
      );
      expect(actions.wrong.slice(0, 20)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  test('leaves those who were away with the old one, which the command counts; their next sign-in mints anew', async () => {
    expect(derived(OLD)).toBeGreaterThanOrEqual(AWAY.length);
    expect(await carried([NEW])).toEqual({ [idOf(OLD)]: derived(OLD), [idOf(NEW)]: derived(NEW) });
    const [name = ''] = AWAY;
    const before = keyOf(name);
    expect(await everywhere((url) => verify(url, before))).toEqual([401, 401]);
    await actions.comeIn(deployment.replicas[0](), name);
    expect(secretOf(keyOf(name), [NEW])).toBe(idOf(NEW));
    expect(await everywhere((url) => verify(url, keyOf(name)))).toEqual([200, 200]);
    expect(await everywhere((url) => verify(url, before))).toEqual([401, 401]);
    expect(await carried([NEW])).toEqual({ [idOf(OLD)]: derived(OLD), [idOf(NEW)]: derived(NEW) });
  });

  test(
    'keeps a replica that lacks it from issuing keys, and from nothing else, until its ring is accepted',
    async () => {
      const LATCHKEY_CONFIG = yamlFile(JSON.stringify(patientSettings));
      const env = { ...stack.env, LATCHKEY_CONFIG, LATCHKEY_SECRET: inEnvironment([OLD]) };
      await using stray = await startServiceProcess(env);
      const replicas = deployment.replicas.map((replica) => replica().url);
      const issue = (url: string) => come(url, STRANGER);
      const [, sleeper = ''] = AWAY;

      await untilReady(false, stray.url);
      expect((await fetch(`${stray.url}/readyz`)).status).toBe(503);
      expect(await issue(stray.url)).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', apiKey: '' });
      expect((await come(stray.url, sleeper)).status).toBe(503);
      expect((await verify(stray.url, keyOf(sleeper))).status).toBe(200);
      expect(await carried([NEW])).toEqual({ [idOf(OLD)]: derived(OLD), [idOf(NEW)]: derived(NEW) });

      expect((await latchkey([OLD], 'accept')).code).toBe(0);
      await untilReady(true, stray.url);
      await untilReady(false, ...replicas);
      expect((await come(stray.url, sleeper)).apiKey).toBe(keyOf(sleeper));
      expect(await everywhere((url) => come(url, ANOTHER))).toEqual([503, 503]);
      const [steady = ''] = cast.steady;
      expect(await everywhere((url) => verify(url, keyOf(steady)))).toEqual([200, 200]);

      expect((await latchkey([NEW], 'accept')).code).toBe(0);
      await untilReady(true, ...replicas);
      await untilReady(false, stray.url);
      expect((await issue(stray.url)).status).toBe(503);
      expect(await everywhere(issue)).toEqual([200, 200]);
    },
    TIMEOUT_MS,
  );

  test(
    'outlives the old one, whose keys a command ends on both replicas',
    async () => {
      for (const place of [0, 1] as const) await deployment.replace(place, [NEW, OLD], async () => {});
      const sleepers = AWAY.slice(1);
      const [steady = ''] = cast.steady;
      const answers = async (name: string) => everywhere((url) => verify(url, keyOf(name)));
      for (const name of sleepers) expect(await answers(name)).toEqual([200, 200]);

      const asked = await latchkey([NEW, OLD], 'revoke', idOf(OLD));
      expect([asked.code, asked.err]).toEqual([1, expect.stringContaining('--yes')]);
      for (const name of sleepers) expect(await answers(name)).toEqual([200, 200]);

      expect((await latchkey([NEW, OLD], 'revoke', idOf(OLD), '--yes')).code).toBe(0);
      for (const name of sleepers) expect(await answers(name)).toEqual([401, 401]);
      expect(await answers(steady)).toEqual([200, 200]);
      expect((await carried([NEW, OLD]))[idOf(OLD)]).toBe(0);

      const [name = ''] = sleepers;
      const { apiKey } = await come(deployment.replicas[1]().url, name);
      expect(secretOf(apiKey, [NEW])).toBe(idOf(NEW));
      expect(await everywhere((url) => verify(url, apiKey))).toEqual([200, 200]);
    },
    TIMEOUT_MS,
  );
});
