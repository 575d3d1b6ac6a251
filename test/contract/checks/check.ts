import type { World } from '../world.ts';

/** Proves one row of the contract; fails by an expectation. */
export type Check = (world: World) => Promise<void>;

/** Proofs by the number of their row in docs/contract.md. */
export type Checks = Readonly<Record<string, Check>>;
