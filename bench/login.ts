// npm run bench:login: sign-ins per second of people who have an account, over HTTP with Redis and slapd behind, against
// other ways to the same slapd (login-sides.ts). None remembers a password. All processes share the machine's cores;
// CPU is that of the server alone, without slapd and Redis.
import { APACHE_IS_MISSING, findApache } from './apache.ts';
import { startBackends } from './backends.ts';
import { compareWithPeers } from './compare-with-peers.ts';
import type { HttpPlan } from './http-load.ts';
import type { LdapPlan } from './ldap-load.ts';
import { startLoadProcess } from './load-process.ts';
import { goalFor } from './login-goals.ts';
import { type PeerName, readLoginOptions } from './login-options.ts';
import {
  bareSide,
  type Contestant,
  type LoginSetting,
  startApacheSide,
  startNaiveSide,
  startServiceSide,
} from './login-sides.ts';
import { printMachine } from './machine.ts';

const PEOPLE = 2000;

const options = readLoginOptions();
printMachine();
const apache = options.peers.includes('apache') ? findApache() : undefined;
if (options.peers.includes('apache') && apache === undefined) console.log(APACHE_IS_MISSING);

await using backends = await startBackends(PEOPLE);
await using http = startLoadProcess<HttpPlan>(new URL('./http-load.ts', import.meta.url));
await using ldap = startLoadProcess<LdapPlan>(new URL('./ldap-load.ts', import.meta.url));
for (const transport of options.over) {
  await using stack = new AsyncDisposableStack();
  const setting = { backends, transport, http, ldap };
  const service = await startServiceSide(setting, stack);
  const contestants = await startPeers(setting, stack);
  for (const inFlight of options.at) {
    const over = transport === 'tls' ? 'LDAP over TLS' : 'plain LDAP';
    console.log(`Sign-ins over ${over}, ${inFlight} in flight, ${PEOPLE} people in turn`);
    const peers = contestants.map(([name, contestant]) => ({
      side: contestant(inFlight),
      goal: goalFor(name, transport, inFlight),
    }));
    await compareWithPeers(service(inFlight), peers, options);
  }
}

async function startPeers(
  setting: LoginSetting,
  stack: AsyncDisposableStack,
): Promise<[PeerName, Contestant][]> {
  const contestants: [PeerName, Contestant][] = [];
  for (const name of options.peers) {
    if (name === 'bare') contestants.push([name, bareSide(setting)]);
    if (name === 'naive') contestants.push([name, await startNaiveSide(setting, stack)]);
    if (name === 'apache' && apache) contestants.push([name, await startApacheSide(setting, stack, apache)]);
  }
  return contestants;
}
