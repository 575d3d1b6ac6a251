#!/usr/bin/env node
import { Command } from 'commander';
import { type AttemptsAction, attemptsCommand } from './cli/attempts.ts';
import { type DoctorOptions, doctorCommand } from './cli/doctor.ts';
import { hashPasswordCommand } from './cli/hash-password.ts';
import { serve } from './cli/serve.ts';

const program = new Command('latchkey')
  .description('LDAP in, API keys out: an authentication microservice')
  .showHelpAfterError();

program
  .command('serve')
  .description(
    'run the service; its settings are environment variables and the file that LATCHKEY_CONFIG names',
  )
  .action(() => serve(process.env));

program
  .command('doctor')
  .description('check the settings against the living directories, Redis and the public URL')
  .option('--user <name>', 'try the sign-in of this login name or email')
  .option('--password-stdin', 'and bind as them, once, with the line on standard input')
  .option('--json', 'one JSON object instead of text')
  .action(async (options: DoctorOptions) => {
    const { stdin: input, stdout: output, stderr: errors } = process;
    process.exitCode = await doctorCommand(process.env, options, { input, output, errors });
  });

program
  .command('hash-password')
  .description('hash a password, typed or from a pipe, for a file of people')
  .action(async () => {
    const { stdin: input, stdout: output, stderr: errors } = process;
    process.exitCode = await hashPasswordCommand({ input, output, errors });
  });

const attempts = program
  .command('attempts')
  .description('failed sign-ins that are counted against somebody, from strange and from familiar addresses');
const actions: Record<AttemptsAction, string> = {
  show: 'how many are used and left, and when the next is granted',
  clear: 'forget them all',
};
for (const action of ['show', 'clear'] as const) {
  attempts
    .command(action)
    .argument('<name>', 'login name or email')
    .description(actions[action])
    .action(async (name: string) => {
      const { stdout: output, stderr: errors } = process;
      process.exitCode = await attemptsCommand(process.env, action, name, { output, errors });
    });
}

await program.parseAsync();
