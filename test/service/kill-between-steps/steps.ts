import type { Stop } from '../../support/stopping-relay.ts';

/** What is kept of accounts, and what their keys rest on. Not the counts of failed sign-ins: killed there, all or nothing is done. */
const KEPT = /^latchkey:(account|entry|last-account-id|secrets)\b/;

/** What connections say of themselves, and what of accounts they want to hear of. */
const BESIDES = new Set(['client', 'subscribe', 'publish']);

/** Which commands, by their words, are steps of what is done to an account, by where to stop at them. */
export const STEPS: Readonly<Record<Stop, (words: readonly string[]) => boolean>> = {
  /** Waiting for replicas is one, too. */
  before: ([command = '', ...words]) => {
    const name = command.toLowerCase();
    return name === 'wait' || (!BESIDES.has(name) && words.some((word) => KEPT.test(word)));
  },
  /** Only scripts write: whoever is killed after a read is killed before what comes next. */
  after: (words) => /^eval/i.test(words[0] ?? '') && STEPS.before(words),
};
