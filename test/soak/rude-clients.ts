import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Lanes } from './lane.ts';
import type { Play } from './play.ts';
import type { Replica } from './replica.ts';

/** What has not answered a client that waits by then never will, in milliseconds. */
const LONGEST_MS = 30_000;

/** Let clients hang up, and be slow. */
export function loadRudely(lanes: Lanes, play: Play): void {
  lanes.run(300, () => hangUp(play));
  lanes.run(300, () => hangUp(play));
  for (let at = 0; at < 4; at++) lanes.run(800, () => beSlow(play));
}

/** Ask, and go away before or after the answer. */
async function hangUp({ world, cast, chance, asking }: Play): Promise<void> {
  const { name, password, address, key } = chance.pick(cast.steady);
  const kind = 'client hangs up';
  const hangUpAfterMs = chance.between(1, 40);
  const signsIn = chance.happens(0.4);
  await asking.ask(chance.pick(world.replicas), {
    ...{ kind, hangUpAfterMs, right: [200, 503] },
    path: signsIn ? '/api/v1/fetch_api_key' : '/verify',
    headers: { 'X-Forwarded-For': address, ...(!signsIn && { 'X-API-Key': key.apiKey }) },
    ...(signsIn && { form: { username: name, password } }),
  });
}

/** Send a request in pieces with pauses between them; some go away before the last. */
async function beSlow({ world, cast, chance, tally }: Play): Promise<void> {
  const { name, password, address, key } = chance.pick(cast.steady);
  const body = new URLSearchParams({ username: name, password }).toString();
  const request = chance.happens(0.5)
    ? `POST /api/v1/fetch_api_key HTTP/1.1\r\nHost: slow\r\nX-Forwarded-For: ${address}\r\nConnection: close\r\n` +
      `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${body.length}\r\n\r\n${body}`
    : `GET /verify HTTP/1.1\r\nHost: slow\r\nConnection: close\r\nX-API-Key: ${key.apiKey}\r\n\r\n`;
  const replica = chance.pick(world.replicas);
  const life = replica.life();
  const pieces = chance.between(2, 6);
  const wholeLength = chance.happens(0.7) ? request.length : chance.between(1, request.length - 1);
  const length = Math.ceil(wholeLength / pieces);
  const slowly = async (socket: Socket) => {
    for (let at = 0; at < wholeLength; at += length) {
      socket.write(request.slice(at, Math.min(at + length, wholeLength)));
      await delay(chance.between(20, 250));
    }
  };
  const answer = await exchange(replica, slowly, wholeLength === request.length);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1]);
  if (wholeLength < request.length) tally.count('client is slow', 'hung up');
  else if (life === undefined || replica.life() !== life) tally.count('client is slow', 'replica killed');
  else {
    tally.count('client is slow', status);
    if (![200, 503].includes(status)) tally.violate(`a slow client was answered with "${answer}"`);
  }
}

/** Gives what came back until the server closed; nothing where nobody waits for it. */
async function exchange(
  { port }: Replica,
  send: (socket: Socket) => Promise<void>,
  waits: boolean,
): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  let answer = '';
  const closed = new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
  socket.setEncoding('latin1').on('data', (piece: string) => {
    answer += piece;
  });
  socket.setTimeout(LONGEST_MS, () => socket.destroy());
  await send(socket);
  if (!waits) socket.resetAndDestroy();
  await closed;
  return answer;
}
