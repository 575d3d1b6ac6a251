import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SigningKeys } from './tokens.ts';

/** An issuer that publishes its keys on loopback. */
export interface JwksServer extends AsyncDisposable {
  readonly url: string;
  /** How often the keys were fetched. */
  readonly fetches: () => number;
  /** Publish these, by their ids, in place of those before. */
  readonly publish: (keys: Readonly<Record<string, SigningKeys>>) => void;
  /** Answer so from here on. */
  readonly answerBy: (answer: RequestListener) => void;
}

/** Start one that publishes no key yet. */
export async function startJwksServer(): Promise<JwksServer> {
  let fetches = 0;
  let answer: RequestListener = publishing({});
  const server = createServer((req, res) => {
    fetches++;
    answer(req, res);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    fetches: () => fetches,
    publish: (keys) => {
      answer = publishing(keys);
    },
    answerBy: (next) => {
      answer = next;
    },
    async [Symbol.asyncDispose]() {
      server.close().closeAllConnections();
      await once(server, 'close');
    },
  };
}

function publishing(keys: Readonly<Record<string, SigningKeys>>): RequestListener {
  const published = Object.entries(keys).map(([kid, { publicKey, algorithm }]) => ({
    ...publicKey.export({ format: 'jwk' }),
    kid,
    alg: algorithm,
    use: 'sig',
  }));
  return (_req, res) => {
    res.setHeader('Content-Type', 'application/jwk-set+json').end(JSON.stringify({ keys: published }));
  };
}
