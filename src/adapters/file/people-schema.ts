import { z } from 'zod';
import { readPasswordHash } from './password-hash.ts';
import type { LocalPerson } from './people.ts';

const HASH_WANTED = 'make one by latchkey hash-password';

/** Nobody could type such a name: the service takes it for no username (auth/username.ts). */
const name = z
  .string('missing or not text')
  .max(256, 'longer than 256 characters')
  .refine((value) => value.trim() === value && value !== '', 'empty, or with space around it')
  .refine(
    (value) => !/[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u.test(value),
    'has control or invisible characters',
  );

const email = name.refine(
  (value) => /^[^\s@]+@[^\s@]+$/.test(value),
  'no email; write such as ops@example.org',
);

const passwordHash = z.string(`missing or not text; ${HASH_WANTED}`).transform((text, context) => {
  const isPassword = readPasswordHash(text);
  if (isPassword) return isPassword;
  context.addIssue({ code: 'custom', message: `not a hash that is taken; ${HASH_WANTED}` });
  return z.NEVER;
});

const person = z
  .strictObject(
    {
      id: z
        .string('missing or not text; give the person a permanent id')
        .regex(/^[A-Za-z0-9_-]{1,128}$/, 'not an id; write up to 128 letters, digits, - and _'),
      username: name,
      email: email.optional(),
      emails: z.array(email, 'not a list of emails').min(1, 'empty; write at least one').optional(),
      fullName: name.optional(),
      password: passwordHash,
      disabled: z.boolean('neither true nor false').default(false),
      passwordExpired: z.boolean('neither true nor false').default(false),
    },
    'not a person; write a mapping with id, username, email and password',
  )
  .refine((one) => (one.email === undefined) !== (one.emails === undefined), {
    path: ['email'],
    message: 'not exactly one of email and emails; write one of them',
    when: ({ value }) => typeof value === 'object' && value !== null,
  });

/**
 * What a file of people holds; comes out as the people. No message repeats a value: it might be a hash, or
 * the password that someone wrote in its place.
 */
export const peopleSchema = z.strictObject(
  { people: z.array(person.transform(localPerson), 'missing or no list; write the people below it') },
  'no mapping; write people: and a list below it',
);

function localPerson(one: z.output<typeof person>): LocalPerson {
  const { id, username, email, emails, fullName, password: isPassword, disabled, passwordExpired } = one;
  return {
    ...{ username, isPassword, disabled, passwordExpired },
    id: id.toLowerCase(),
    emails: emails ?? (email === undefined ? [] : [email]),
    fullName: fullName ?? username,
  };
}
