// Runs Latchkey with a real OpenLDAP and a real Redis, signs a sample person in, verifies the key that comes back, and
// serves until Ctrl-C. With --once: ends after the two answers; exit code 0 if both were right, else 1.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isFree } from '../test/support/free-port.ts';
import { startOpenLdap } from '../test/support/open-ldap.ts';
import { startRedis } from '../test/support/redis-server.ts';
import { inRepository } from '../test/support/repository.ts';
import { type ServiceProcess, startServiceProcess } from '../test/support/service-process.ts';
import { until } from '../test/support/until.ts';
import { curl } from './curl.ts';
import { interruption } from './interruption.ts';

const say = (line: string) => console.log(line);

async function startService(
  parts: AsyncDisposableStack,
  port: number,
  interrupt: AbortSignal,
): Promise<ServiceProcess> {
  const mode = 'process';
  say('Starting OpenLDAP with the people of config/demo/people.ldif');
  const ldif = await readFile(inRepository('config/demo/people.ldif'), 'utf8');
  const directory = parts.use(await startOpenLdap({ mode, ldif }));
  say(`  it serves ${directory.tlsUrl}`);
  interrupt.throwIfAborted();
  say('Starting Redis');
  const redis = parts.use(await startRedis({ mode, appendOnly: true }));
  say(`  it serves ${redis.url}`);
  interrupt.throwIfAborted();
  say('Starting Latchkey: node src/main.ts');
  const env = {
    PORT: String(port),
    LATCHKEY_PUBLIC_URL: `http://127.0.0.1:${port}`,
    LATCHKEY_SECRET: randomBytes(32).toString('base64'),
    LDAP_URL: directory.tlsUrl,
    LDAP_CA_FILE: directory.caFile,
    LDAP_BIND_DN: directory.serviceDn,
    LDAP_BIND_PASSWORD: directory.servicePassword,
    LDAP_USER_BASE: `ou=people,${directory.baseDn}`,
    REDIS_URL: redis.url,
  };
  const service = parts.use(await startServiceProcess(env, interrupt));
  const ready = async () => (await fetch(`${service.url}/readyz`)).status === 200;
  await until('the service is ready', () => interrupt.aborted || ready());
  interrupt.throwIfAborted();
  say(`  it serves ${service.url}`);
  return service;
}

/** Signs alice in and verifies her key; says whether both answers were right. */
async function signInAndVerify(url: string): Promise<boolean> {
  say('\nSigning alice in: username and password for an API key');
  const form = { username: 'alice', password: 'alice-secret' };
  const answer = await curl({ url: `${url}/api/v1/fetch_api_key`, form }, say);
  say(answer.trimEnd());
  const { result, email, api_key: key } = JSON.parse(answer) as Record<string, unknown>;
  if (result !== 'success' || email !== 'alice@example.org' || typeof key !== 'string') return false;

  say('\nVerifying the key, as a gateway does on every request');
  const headers = { Authorization: `Bearer ${key}` };
  const verified = await curl({ url: `${url}/verify`, headers, include: true }, say);
  say(verified.trimEnd());
  return /^HTTP\/1\.1 200 /.test(verified) && /^Remote-User: alice\r?$/im.test(verified);
}

function sayHowToGoOn(url: string): void {
  say(`
Serving ${url} until Ctrl-C. More to try:
  People: alice, bob, carol, dave. Each one's password is NAME-secret, each one's email NAME@example.org.
  Another person:    curl -d username=bob@example.org -d password=bob-secret ${url}/api/v1/fetch_api_key
  A wrong password:  curl -d username=carol -d password=guess ${url}/api/v1/fetch_api_key
  A made-up key:     curl -i -H 'X-API-Key: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' ${url}/verify`);
}

/** Gives the exit code. */
async function demo(port: number, once: boolean, interrupt: AbortSignal): Promise<number> {
  if (!(await isFree(port))) {
    console.error(`Port ${port} is taken. Take another one: PORT=${port + 1} npm run demo`);
    return 1;
  }
  await using parts = new AsyncDisposableStack();
  const service = await startService(parts, port, interrupt);
  const right = await signInAndVerify(service.url);
  say(right ? '\nBoth answers are right.' : '\nThat is not the answer it should be.');
  if (once || !right) return right ? 0 : 1;

  sayHowToGoOn(service.url);
  const interrupted = Promise.withResolvers<undefined>();
  interrupt.addEventListener('abort', () => interrupted.resolve(undefined));
  if (interrupt.aborted) interrupted.resolve(undefined);
  const exit = await Promise.race([service.exited, interrupted.promise]);
  if (exit === undefined) {
    say('\nStopping everything');
    return 0;
  }
  console.error(`The service has ended by itself:\n${service.stderr()}`);
  return 1;
}

const interrupt = interruption();
process.exitCode = await demo(
  Number(process.env['PORT'] ?? 8080),
  process.argv.includes('--once'),
  interrupt,
).catch((error: unknown) => {
  if (error !== interrupt.reason) console.error(error instanceof Error ? error.message : error);
  return interrupt.aborted ? 130 : 1;
});
