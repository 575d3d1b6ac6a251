// npm run bench:memory: what the service keeps of the machine's memory, and of its sockets, before and after load.
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpPlan } from './http-load.ts';
import { startLoadProcess } from './load-process.ts';
import { printMachine } from './machine.ts';
import { openSockets, residentMiB } from './process-usage.ts';
import { fetchApiKeys, signInRequest, verifyRequest } from './requests.ts';
import { startServiceUnderLoad } from './service-under-load.ts';
import { digits, printTable } from './table.ts';

const PEOPLE = 2000;
const SIGN_INS = 50_000;
const VERIFICATIONS = 500_000;
const LANES = 16;

printMachine();
await using service = await startServiceUnderLoad(PEOPLE);
await using http = startLoadProcess<HttpPlan>(new URL('./http-load.ts', import.meta.url));
const { port, pid, people } = service;
const rows: string[][] = [];
const look = (when: string) => rows.push([when, digits(residentMiB(pid), 1), String(openSockets(pid))]);

await delay(2000);
look('idle after the start');
const plan = { port, lanes: LANES, seconds: Infinity };
await http.run({ ...plan, operations: SIGN_INS, requests: people.map(signInRequest) });
look(`after ${digits(SIGN_INS)} sign-ins`);
const keys = await fetchApiKeys(port, people.slice(0, 500));
await http.run({ ...plan, operations: VERIFICATIONS, requests: keys.map(verifyRequest) });
look(`after ${digits(VERIFICATIONS)} verifications`);
await delay(10_000);
look('after 10 idle seconds');

console.log(`The service's process, ${LANES} connections`);
printTable(['when', 'VmRSS MiB', 'open sockets'], rows);
