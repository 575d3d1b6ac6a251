import { startApache } from './apache.ts';
import type { Backends, Transport } from './backends.ts';
import type { HttpPlan } from './http-load.ts';
import type { LdapPlan } from './ldap-load.ts';
import type { LoadProcess } from './load-process.ts';
import { cpuMicroseconds, cpuMicrosecondsWithChildren } from './process-usage.ts';
import { basicRequest, signInRequest } from './requests.ts';
import type { Side } from './rounds.ts';
import { nodeProgram, startServer } from './server-process.ts';
import { startService } from './service-under-load.ts';

const NAIVE = new URL('./naive.ts', import.meta.url);
const WARM_UP_SECONDS = 4;

/** Where people sign in, and what makes them do so. */
export interface LoginSetting {
  readonly backends: Backends;
  readonly transport: Transport;
  readonly http: LoadProcess<HttpPlan>;
  readonly ldap: LoadProcess<LdapPlan>;
}

/** One way to sign in, whose load is as wide as is asked for. What it started ends with `stack`. */
export type Contestant = (inFlight: number) => Side;

/** The service, to which everyone has signed in once: each has an account. */
export async function startServiceSide(
  setting: LoginSetting,
  stack: AsyncDisposableStack,
): Promise<Contestant> {
  const { backends, transport, http } = setting;
  const { port, pid } = stack.use(await startService(backends, transport));
  const requests = backends.people.map(signInRequest);
  await http.run({ lanes: 16, seconds: Infinity, operations: requests.length, port, requests });
  return overHttp('service', setting, port, requests, () => cpuMicroseconds(pid));
}

/** naive.ts. */
export async function startNaiveSide(
  setting: LoginSetting,
  stack: AsyncDisposableStack,
): Promise<Contestant> {
  const { backends, transport } = setting;
  const access = JSON.stringify(backends.access(transport));
  const { port, pid } = stack.use(await startServer((free) => nodeProgram(NAIVE, [access], free)));
  const requests = backends.people.map(signInRequest);
  return overHttp('naive', setting, port, requests, () => cpuMicroseconds(pid));
}

/** Apache; `program` is its path. */
export async function startApacheSide(
  setting: LoginSetting,
  stack: AsyncDisposableStack,
  program: string,
): Promise<Contestant> {
  const { backends, transport } = setting;
  const { port, pid } = stack.use(await startApache(program, backends.access(transport)));
  const requests = backends.people.map(basicRequest);
  return overHttp('apache', setting, port, requests, () => cpuMicrosecondsWithChildren(pid));
}

/** ldap-load.ts, with as many connections as the service has by default. */
export function bareSide({ backends, transport, ldap }: LoginSetting): Contestant {
  const plan = {
    operations: Infinity,
    access: backends.access(transport),
    people: backends.people,
    searchConnections: 2,
    bindConnections: 8,
  };
  return (lanes) => ({
    name: 'bare ldapts',
    run: (seconds) => ldap.run({ ...plan, lanes, seconds }),
    serverCpu: undefined,
  });
}

/** Some seconds of load come first: V8 takes thousands of sign-ins to compile what they run. */
async function overHttp(
  name: string,
  { http }: LoginSetting,
  port: number,
  requests: readonly string[],
  serverCpu: () => number,
): Promise<Contestant> {
  await http.run({ lanes: 16, seconds: WARM_UP_SECONDS, operations: Infinity, port, requests });
  return (lanes) => ({
    name,
    run: (seconds) => http.run({ lanes, seconds, operations: Infinity, port, requests }),
    serverCpu,
  });
}
