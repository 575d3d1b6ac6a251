import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import type { Environment } from '../config/environment.ts';
import { diagnose } from '../doctor/diagnose.ts';
import { openAll } from '../doctor/opened.ts';
import { createStepLines, renderJson, renderVerdict } from '../doctor/render.ts';
import { secretsOf, withoutSecrets } from '../doctor/secrets-of.ts';
import { createWalk, type Step } from '../doctor/step.ts';
import { loadOrExit, makeOrExit } from './load-or-exit.ts';

/** What is asked of the doctor. */
export interface DoctorOptions {
  /** A login name or an email; `undefined`: nobody's sign-in is tried. */
  readonly user?: string;
  /** Whether one line of standard input is the user's password. */
  readonly passwordStdin?: boolean;
  /** Whether the report is one JSON object instead of text. */
  readonly json?: boolean;
}

/** Where the command reads and writes. */
export interface DoctorStreams {
  readonly input: Readable;
  /** `isTTY` where a person reads. */
  readonly output: Writable & { readonly isTTY?: boolean };
  readonly errors: Writable;
}

/**
 * Check the settings against the living directories, Redis and the public URL. Gives the exit code: 0 where a
 * sign-in would work, 1 where it would not, 2 where the options make no sense together. Settings that are wrong in
 * themselves end the process as `loadOrExit` does.
 */
export async function doctorCommand(
  env: Environment,
  { user, passwordStdin, json }: DoctorOptions,
  { input, output, errors }: DoctorStreams,
): Promise<number> {
  if (passwordStdin && user === undefined) {
    errors.write('--password-stdin: whose? Name them by --user\n');
    return 2;
  }
  const { config, warnings } = loadOrExit(env);
  await using opened = makeOrExit(() => openAll(config));
  for (const warning of warnings) errors.write(`${warning}\n`);
  const password = passwordStdin ? await readLine(input) : undefined;
  const secrets = [...secretsOf(config), ...(password === undefined ? [] : [password])];
  const clear = (step: Step): Step => ({
    ...step,
    seen: withoutSecrets(step.seen, secrets),
    ...(step.fix !== undefined && { fix: withoutSecrets(step.fix, secrets) }),
  });

  const linesOf = createStepLines(output.isTTY === true);
  const walk = createWalk((step) => json || output.write(linesOf(clear(step))));
  const asked = user === undefined ? undefined : { username: user, password };
  const ok = await diagnose(walk, config, opened, asked);
  const report = { ok, steps: walk.steps.map(clear) };
  output.write(json ? renderJson(report) : renderVerdict(report));
  return ok ? 0 : 1;
}

/** The first line of a stream, without its end; empty where there is none. */
async function readLine(input: Readable): Promise<string> {
  using lines = createInterface({ input, terminal: false });
  for await (const line of lines) return line;
  return '';
}
