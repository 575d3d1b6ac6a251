import { setImmediate as nextTurn } from 'node:timers/promises';

/** Knows what is asked in the background. */
export interface InFlight {
  /** The same call, known while it lasts. */
  track<Given extends unknown[], Answer>(
    call: (...given: Given) => Promise<Answer>,
  ): (...given: Given) => Promise<Answer>;
  /** Resolves when nothing is asked, nor about to be. */
  landed(): Promise<void>;
}

/** Begin with nothing. */
export function createInFlight(): InFlight {
  let calls = 0;
  return {
    track:
      (call) =>
      async (...given) => {
        calls++;
        try {
          return await call(...given);
        } finally {
          calls--;
        }
      },
    async landed() {
      // What follows a call at once, as the writing of an answer does, is under way by the next turn.
      do await nextTurn();
      while (calls > 0);
    },
  };
}
