#!/usr/bin/env node
import { Command } from 'commander';
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
  .command('hash-password')
  .description('hash a password, typed or from a pipe, for a file of people')
  .action(async () => {
    const { stdin: input, stdout: output, stderr: errors } = process;
    process.exitCode = await hashPasswordCommand({ input, output, errors });
  });

await program.parseAsync();
