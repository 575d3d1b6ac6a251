#!/usr/bin/env node
import { Command, InvalidArgumentError, Option } from 'commander';
import { STATUSES } from './cli/accounts/account-status.ts';
import {
  type AccountChange,
  type ChangeOptions,
  changeAccountCommand,
} from './cli/accounts/change-account.ts';
import { type ListOptions, listAccountsCommand } from './cli/accounts/list-accounts.ts';
import { type ShowOptions, showAccountCommand } from './cli/accounts/show-account.ts';
import { type AttemptsAction, attemptsCommand } from './cli/attempts.ts';
import { readRelease, releaseBrakeCommand, showBrakeCommand } from './cli/brake.ts';
import { type DoctorOptions, doctorCommand } from './cli/doctor.ts';
import { hashPasswordCommand } from './cli/hash-password.ts';
import { acceptSecretsCommand } from './cli/secrets/accept-secrets.ts';
import { type RevokeSecretOptions, revokeSecretCommand } from './cli/secrets/revoke-secret.ts';
import { type SecretsOptions, showSecretsCommand } from './cli/secrets/show-secrets.ts';
import { serve } from './cli/serve.ts';

const { env, stdout: output, stderr: errors } = process;
const streams = { output, errors };
const NAME = ['<name>', 'id, login name or email'] as const;

/** Do it, and end with the exit code that it gives. */
const end = async (command: Promise<number>): Promise<void> => {
  process.exitCode = await command;
};

const program = new Command('latchkey')
  .description('LDAP in, API keys out: an authentication microservice')
  .showHelpAfterError();

program
  .command('serve')
  .description(
    'run the service; its settings are environment variables and the file that LATCHKEY_CONFIG names',
  )
  .action(() => serve(env));

program
  .command('doctor')
  .description('check the settings against the living directories, Redis and the public URL')
  .option('--user <name>', 'try the sign-in of this login name or email')
  .option('--password-stdin', 'and bind as them, once, with the line on standard input')
  .option('--json', 'one JSON object instead of text')
  .action((options: DoctorOptions) => end(doctorCommand(env, options, { ...streams, input: process.stdin })));

program
  .command('hash-password')
  .description('hash a password, typed or from a pipe, for a file of people')
  .action(() => end(hashPasswordCommand({ ...streams, input: process.stdin })));

const attempts = program
  .command('attempts')
  .description('failed sign-ins that are counted against somebody, from strange and from familiar addresses');
const attemptsActions: Record<AttemptsAction, string> = {
  show: 'how many are used and left, and when the next is granted',
  clear: 'forget them all',
};
for (const action of ['show', 'clear'] as const) {
  attempts
    .command(action)
    .argument('<name>', 'login name or email')
    .description(attemptsActions[action])
    .action((name: string) => end(attemptsCommand(env, action, name, streams)));
}

const accounts = program
  .command('accounts')
  .description('the accounts that keys stand for; changes hold on every replica at once');
accounts
  .command('list')
  .description('a line for each; looks through all of them')
  .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
  .option('--json', 'a JSON object a line')
  .action((options: ListOptions) => end(listAccountsCommand(env, options, streams)));
accounts
  .command('show')
  .argument(...NAME)
  .description('everything about one but its key')
  .option('--json', 'one JSON object instead of text')
  .action((name: string, options: ShowOptions) => end(showAccountCommand(env, name, options, streams)));
const accountChanges: Record<AccountChange, string> = {
  suspend: 'refuse its key and its sign-ins until it is restored, whatever the directory says',
  restore: 'lift every suspension; the directory is asked before the key is believed again',
  revoke: 'end its key; the next sign-in mints a new one',
  delete: 'forget it; the next sign-in makes a new account, with a new id',
};
for (const change of ['suspend', 'restore', 'revoke', 'delete'] as const) {
  const command = accounts
    .command(change)
    .argument(...NAME)
    .description(accountChanges[change]);
  if (change === 'delete') command.option('--yes', 'really');
  command.action((name: string, options: ChangeOptions) =>
    end(changeAccountCommand(env, change, name, options, streams)),
  );
}

const secrets = program
  .command('secrets')
  .description('the secrets that keys are derived with, by their ids: how many accounts carry each')
  .option('--json', 'one JSON object instead of text')
  .action((options: SecretsOptions) => end(showSecretsCommand(env, options, streams)));
secrets
  .command('accept')
  .description('let replicas with the ring of this environment issue keys, and no others')
  .action(() => end(acceptSecretsCommand(env, streams)));
secrets
  .command('revoke')
  .argument('<id>', 'of a secret, in the ring or not')
  .description('end every key that was derived with it')
  .option('--yes', 'really; without it they are counted only')
  .action((id: string, options: RevokeSecretOptions) => end(revokeSecretCommand(env, id, options, streams)));

const readFor = (text: string): number => {
  const forMs = readRelease(text);
  if (forMs === undefined) throw new InvalidArgumentError('Write a number and a unit, such as 30m.');
  return forMs;
};
program
  .command('brake')
  .description('what keeps a mass of people from being taken for leavers, for each directory')
  .action(() => end(showBrakeCommand(env, streams)))
  .command('release')
  .argument('[directory]', 'its id; without it, every one whose brake holds')
  .description('let those go whom the directory does not show any more')
  .addOption(new Option('--for <duration>', 'for how long').argParser(readFor).default(3_600_000, '1h'))
  .action((directory: string | undefined, options: { readonly for: number }) =>
    end(releaseBrakeCommand(env, directory, options.for, streams)),
  );

await program.parseAsync();
