const LAST_LINES = 40;

/** What was started, and what is known of it. */
export interface NotStartedParts {
  /** What people call it, e.g. `OpenLDAP (slapd)`. */
  readonly name: string;
  /** The command and its arguments. */
  readonly command: readonly string[];
  /** What happened in place of its being ready, e.g. `is not ready after 60000 ms`. */
  readonly happened: string;
  /** All that it wrote. */
  readonly output: string;
}

/** What to say of a server that did not start: its name, its whole command line, and the last 40 lines that it wrote. */
export function notStarted({ name, command, happened, output }: NotStartedParts): string {
  const lines = output.trimEnd().split('\n');
  const last = lines.slice(-LAST_LINES).map((line) => `  ${line}`);
  const heading = lines.length > LAST_LINES ? `The last ${LAST_LINES} of ${lines.length} lines` : 'All';
  const wrote = output.trim() === '' ? 'It wrote nothing.' : `${heading} that it wrote:\n${last.join('\n')}`;
  return `${name} ${happened}: ${command.map(quoted).join(' ')}\n${wrote}`;
}

/** An argument as a shell would have to be given it. */
const quoted = (argument: string) =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
