import { parseArgs } from 'node:util';
import type { Transport } from './backends.ts';
import type { RoundsOptions } from './rounds.ts';

/** Whom the service's sign-ins are compared with: ldapts without a service, Express with it at its simplest, Apache. */
export type PeerName = 'bare' | 'naive' | 'apache';

/** What `npm run bench:login` is to measure. */
export interface LoginOptions extends RoundsOptions {
  /** Sign-ins in flight. */
  readonly at: readonly number[];
  readonly over: readonly Transport[];
  readonly peers: readonly PeerName[];
}

/**
 * What the command line says (`--at 16 --over tls --peers bare,naive --pairs 6 --seconds 5`), or the whole table in
 * about four minutes.
 * @throws {Error} where it says something else
 */
export function readLoginOptions(): LoginOptions {
  const { values } = parseArgs({
    options: {
      at: { type: 'string', default: '1,16,64' },
      over: { type: 'string', default: 'plain,tls' },
      peers: { type: 'string', default: 'bare,naive,apache' },
      pairs: { type: 'string', default: '4' },
      seconds: { type: 'string', default: '1' },
    },
  });
  return {
    at: values.at.split(',').map((one) => positive('at', one)),
    over: someOf('over', values.over, ['plain', 'tls']),
    peers: someOf('peers', values.peers, ['bare', 'naive', 'apache']),
    pairs: positive('pairs', values.pairs),
    secondsPerRound: positive('seconds', values.seconds),
  };
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new Error(`--${option}: ${text} is no number above 0`);
}

function someOf<Known extends string>(option: string, text: string, known: readonly Known[]): Known[] {
  return text.split(',').map((word) => {
    const found = known.find((one) => one === word);
    if (found === undefined) throw new Error(`--${option}: ${word} is none of ${known.join(', ')}`);
    return found;
  });
}
