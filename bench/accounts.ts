// npm run bench:accounts: what an account takes in Redis, and the rate of verifications (each a read of Redis) over ever
// more accounts, each time against a server that only says hello, with the same generator.
import { randomBytes } from 'node:crypto';
import { startBackends } from './backends.ts';
import { openAccounts } from './fill-accounts.ts';
import type { HttpPlan } from './http-load.ts';
import { startLoadProcess } from './load-process.ts';
import { printMachine } from './machine.ts';
import { cpuMicroseconds } from './process-usage.ts';
import { helloRequest, verifyRequest } from './requests.ts';
import { measurePair, middleRound, type Pair, type Side, warmUp } from './rounds.ts';
import { readRoundsOptions } from './rounds-options.ts';
import { nodeProgram, type ServerProcess, startServer } from './server-process.ts';
import { startService } from './service-under-load.ts';
import { median } from './statistics.ts';
import { digits, printTable } from './table.ts';

const SIZES = [1_000, 100_000, 1_000_000];
const KEYS = 500;
const LANES = 16;
/** Redis is read each time, and nobody is asked about: slapd does not know the owners. */
const SETTINGS = `keys: { nearCache: { ttl: 0s }, revalidateAfter: 1d, maxStaleness: 2d, outageGrace: 3d }
directory: { watch: none }
`;

const { pairs, secondsPerRound } = readRoundsOptions({ pairs: 6, secondsPerRound: 2 });
printMachine();
await using backends = await startBackends(1);
const secret = randomBytes(32).toString('base64');
await using service = await startService(backends, 'plain', { secret, settings: SETTINGS });
await using hello = await startServer((port) =>
  nodeProgram(new URL('./hello.ts', import.meta.url), [], port),
);
await using http = startLoadProcess<HttpPlan>(new URL('./http-load.ts', import.meta.url));
await using accounts = await openAccounts(backends.redisUrl, secret);

// What Redis needs once, whatever it keeps: scripts, and what a client sends at once.
await accounts.fillTo(1);
const empty = await accounts.usedMemory();
const base = sideOf('bare node:http', hello, [helloRequest]);
const measured: { readonly size: number; readonly bytes: number; readonly pairs: readonly Pair[] }[] = [];
for (const size of SIZES) {
  await accounts.fillTo(size);
  const bytes = ((await accounts.usedMemory()) - empty) / size;
  const side = sideOf('verifications', service, accounts.keysOf(KEYS).map(verifyRequest));
  for (const one of [side, base]) await warmUp(one);
  const rounds: Pair[] = [];
  for (let turn = 0; turn < pairs; turn++)
    rounds.push(await measurePair(side, base, secondsPerRound, turn % 2 === 1));
  measured.push({ size, bytes, pairs: rounds });
}

const shareOf = (of: readonly Pair[]) => median(of.map(([one, other]) => one.perSecond / other.perSecond));
const [smallest] = measured;
console.log(
  `Accounts with three groups, pointers included; verifications, ${LANES} connections, ${KEYS} keys in turn`,
);
printTable(
  [
    'accounts',
    'bytes each',
    'goal',
    'verified/s',
    'p99 ms',
    'CPU µs',
    'of bare node:http',
    'to the smallest',
  ],
  measured.map(({ size, bytes, pairs: of }) => {
    const { perSecond, p99, cpu } = middleRound(of.map(([round]) => round));
    const share = shareOf(of);
    return [
      ...[digits(size), digits(bytes), '≤ 600', digits(perSecond), digits(p99, 2), digits(cpu)],
      ...[digits(share, 2), digits(share / shareOf(smallest?.pairs ?? of), 2)],
    ];
  }),
);

function sideOf(name: string, { port, pid }: ServerProcess, requests: readonly string[]): Side {
  return {
    name,
    run: (seconds) => http.run({ requests, port, lanes: LANES, seconds, operations: Infinity }),
    serverCpu: () => cpuMicroseconds(pid),
  };
}
