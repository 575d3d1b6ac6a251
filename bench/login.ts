// npm run bench:login: sign-ins per second of people who have an account, over HTTP with Redis and slapd behind, against
// the same search and bind bare (ldap-load.ts) on the same slapd. The three or four processes share the machine's cores.
import type { HttpPlan } from './http-load.ts';
import type { LdapPlan } from './ldap-load.ts';
import { startLoadProcess } from './load-process.ts';
import { printMachine } from './machine.ts';
import { cpuMicroseconds } from './process-usage.ts';
import { signInRequest } from './requests.ts';
import { compare, readRoundsOptions } from './rounds.ts';
import { startServiceUnderLoad } from './service-under-load.ts';

const PEOPLE = 2000;
const IN_FLIGHT = 16;

const options = readRoundsOptions({ pairs: 6, secondsPerRound: 5 });
printMachine();
await using service = await startServiceUnderLoad(PEOPLE);
await using http = startLoadProcess<HttpPlan>(new URL('./http-load.ts', import.meta.url));
await using ldap = startLoadProcess<LdapPlan>(new URL('./ldap-load.ts', import.meta.url));

const { port, pid, people, directory, userBase } = service;
const signIns: HttpPlan = {
  lanes: IN_FLIGHT,
  seconds: Infinity,
  operations: PEOPLE,
  port,
  requests: people.map(signInRequest),
};
const control: LdapPlan = {
  lanes: IN_FLIGHT,
  seconds: Infinity,
  operations: PEOPLE,
  url: directory.url,
  userBase,
  bindDn: directory.serviceDn,
  bindPassword: directory.servicePassword,
  people,
  searchConnections: 2,
  bindConnections: 8,
};

// Everyone once: from here on each has an account.
await http.run(signIns);
console.log(`Sign-ins, ${IN_FLIGHT} in flight, ${PEOPLE} people in turn`);
await compare(
  {
    name: 'service',
    run: (seconds) => http.run({ ...signIns, seconds, operations: Infinity }),
    serverCpu: () => cpuMicroseconds(pid),
  },
  {
    name: 'bare ldapts',
    run: (seconds) => ldap.run({ ...control, seconds, operations: Infinity }),
    serverCpu: undefined,
  },
  options,
);
