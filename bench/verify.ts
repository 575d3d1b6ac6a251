// npm run bench:verify: verifications (GET /verify with a Bearer key) by what they take, against a server that only says
// hello to the very same requests, with the same generator. All processes share the machine's cores; CPU is that of
// Node's process alone.
import { randomBytes } from 'node:crypto';
import { startBackends } from './backends.ts';
import { compareWithBase, type Measured } from './compare-with-base.ts';
import type { HttpPlan } from './http-load.ts';
import { startLoadProcess } from './load-process.ts';
import { printMachine } from './machine.ts';
import { cpuMicroseconds } from './process-usage.ts';
import { fetchApiKeys, forged, verifyRequest } from './requests.ts';
import type { Side } from './rounds.ts';
import { readRoundsOptions } from './rounds-options.ts';
import { nodeProgram, type ServerProcess, startServer } from './server-process.ts';
import { startService } from './service-under-load.ts';

const KEYS = 500;
/** The directory is asked about nobody meanwhile: all have signed in a moment ago, and all would be asked about at once. */
const UNASKED = 'directory: { watch: none }\n';
const keySettings = (more: string) =>
  `keys: { revalidateAfter: 1d, maxStaleness: 2d, outageGrace: 3d${more} }\n${UNASKED}`;

const options = readRoundsOptions({ pairs: 12, secondsPerRound: 1 });
printMachine();
await using backends = await startBackends(KEYS);
const secret = randomBytes(32).toString('base64');
await using near = await startService(backends, 'plain', { secret, settings: keySettings('') });
const withoutCache = { secret, settings: keySettings(', nearCache: { ttl: 0s }') };
await using far = await startService(backends, 'plain', withoutCache);
await using hello = await startServer((port) =>
  nodeProgram(new URL('./hello.ts', import.meta.url), [], port),
);
await using http = startLoadProcess<HttpPlan>(new URL('./http-load.ts', import.meta.url));

const keys = await fetchApiKeys(near.port, backends.people);
const good = { requests: keys.map(verifyRequest) };
const bad = { requests: keys.map(forged).map(verifyRequest), status: 401 };
for (const lanes of [16, 64]) {
  const measured: Measured[] = [
    { side: sideOf('near-cache hit', near, lanes, good), goal: 0.75 },
    { side: sideOf('Redis hit', far, lanes, good), goal: 0.4 },
    { side: sideOf('forged key', near, lanes, bad), goal: 0.75 },
  ];
  console.log(`Verifications, ${lanes} connections, ${KEYS} keys in turn`);
  const base = sideOf('bare node:http', hello, lanes, good);
  await compareWithBase(measured, base, options);
}

function sideOf(
  name: string,
  { port, pid }: ServerProcess,
  lanes: number,
  what: Pick<HttpPlan, 'requests' | 'status'>,
): Side {
  return {
    name,
    run: (seconds) => http.run({ ...what, port, lanes, seconds, operations: Infinity }),
    serverCpu: () => cpuMicroseconds(pid),
  };
}
