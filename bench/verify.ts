// npm run bench:verify: verifications per second (GET /verify with a Bearer key; one read of Redis each) against a server
// that only says hello, with the same generator.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { compare, readRoundsOptions } from './compare.ts';
import type { HttpPlan } from './http-load.ts';
import { startLoadProcess } from './load-process.ts';
import { printMachine } from './machine.ts';
import { cpuMicroseconds } from './process-usage.ts';
import { fetchApiKeys, verifyRequest } from './requests.ts';
import type { Side } from './rounds.ts';
import { startServiceUnderLoad } from './service-under-load.ts';

const KEYS = 500;

const options = readRoundsOptions({ pairs: 6, secondsPerRound: 4 });
printMachine();
await using service = await startServiceUnderLoad(KEYS);
await using http = startLoadProcess<HttpPlan>(new URL('./http-load.ts', import.meta.url));
await using hello = await startHello();
const keys = await fetchApiKeys(service.port, service.people);

const verification: Omit<HttpPlan, 'lanes' | 'seconds'> = {
  operations: Infinity,
  port: service.port,
  requests: keys.map(verifyRequest),
};
const greeting: typeof verification = {
  operations: Infinity,
  port: hello.port,
  requests: ['GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'],
};
for (const lanes of [16, 64]) {
  const sideOf = (name: string, pid: number, plan: typeof verification): Side => ({
    name,
    run: (seconds) => http.run({ ...plan, lanes, seconds }),
    serverCpu: () => cpuMicroseconds(pid),
  });
  console.log(`Verifications, ${lanes} connections, ${KEYS} keys in turn`);
  await compare(
    sideOf('verify', service.pid, verification),
    sideOf('bare node:http', hello.pid, greeting),
    options,
  );
}

async function startHello(): Promise<AsyncDisposable & { port: number; pid: number }> {
  const child = fork(new URL('./hello.ts', import.meta.url));
  const [port] = (await once(child, 'message')) as [number];
  return {
    port,
    pid: child.pid as number,
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, 'exit');
    },
  };
}
