import type { Transport } from './backends.ts';
import type { Goal } from './compare-with-peers.ts';
import type { PeerName } from './login-options.ts';

/** The sign-ins in flight that goals are set for. */
const IN_FLIGHT = 16;

/** Node's CPU µs for a sign-in at most, and for the same bare: what a sketch of either took on one machine. */
const CPU_OF_BARE = 150 / 95;

/** What a sign-in is to be compared with a peer's; `undefined`: no goal is set. */
export function goalFor(peer: PeerName, transport: Transport, inFlight: number): Goal | undefined {
  if (inFlight !== IN_FLIGHT) return undefined;
  switch (peer) {
    case 'bare':
      return { rate: 0.6, cpu: CPU_OF_BARE };
    case 'naive':
      return { rate: transport === 'tls' ? 10 : 2.5, cpu: undefined };
    case 'apache':
      return { rate: 1.2, cpu: undefined };
  }
}
