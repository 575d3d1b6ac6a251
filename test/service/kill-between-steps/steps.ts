/** What connections say about themselves and about each other's health. */
const BESIDES = new Set(['hello', 'auth', 'client', 'info', 'ping', 'subscribe', 'publish', 'quit']);

/** What counts failed sign-ins: whoever is killed there has done nothing to the account yet, or all of it. */
const BUDGET = /^latchkey:attempts:/;

/** Whether a command, by its words, is a step of what is done to an account. */
export function isStep(words: readonly string[]): boolean {
  const [command = ''] = words;
  return !BESIDES.has(command.toLowerCase()) && !words.some((word) => BUDGET.test(word));
}
