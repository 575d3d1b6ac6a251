import { describe, expect, test } from '@jest/globals';
import {
  hashPassword,
  isNobodysPassword,
  readPasswordHash,
} from '../../../src/adapters/file/password-hash.ts';

/** Made by Python's hashlib.scrypt and by libargon2, the reference implementation. */
const FOREIGN = {
  scrypt: '$scrypt$ln=14,r=8,p=1$c2l4dGVlbiBieXRlIHNhbA$oxjaIKvOummWlQ7sMjNSXa9uZ9E54vfwOcUT0B37n7M',
  argon2id:
    '$argon2id$v=19$m=19456,t=2,p=1$c2l4dGVlbiBieXRlIHNhbA$PfXq+hweGY5WHZY+46ac9e68WYniwWA9RsGjDif0cVU',
};
const SALT = 'c2FsdHNhbHRzYWx0';
const HASH = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';

describe('a hashed password', () => {
  test.each(['correct horse', ' pässwörd '])(
    'of %j is right for it and for nothing else',
    async (password) => {
      const isPassword = readPasswordHash(await hashPassword(password));
      expect(await isPassword?.(password)).toBe(true);
      expect(await isPassword?.(`${password}x`)).toBe(false);
      // HMAC, and with it scrypt, pads a short key with zeros: to it these two are one.
      expect(await isPassword?.(`${password}\0`)).toBe(false);
    },
  );

  test('has a salt of its own each time, and says what a try costs', async () => {
    const [one, other] = [await hashPassword('same'), await hashPassword('same')];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  });

  test.each(Object.entries(FOREIGN))('by %s is taken from another tool', async (_, hash) => {
    const isPassword = readPasswordHash(hash);
    expect(await isPassword?.('made elsewhere')).toBe(true);
    expect(await isPassword?.('Made elsewhere')).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['a password', 'hunter2'],
    ['bcrypt', '$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW'],
    ['argon2i', `$argon2i$v=19$m=19456,t=2,p=1$${SALT}$${HASH}`],
    ['argon2id of an older version', `$argon2id$v=16$m=19456,t=2,p=1$${SALT}$${HASH}`],
    ['no hash, for which every password would be right', `$scrypt$ln=15,r=8,p=3$${SALT}$`],
    ['a hash of a few bytes', `$scrypt$ln=15,r=8,p=3$${SALT}$AAAA`],
    ['a salt of a few bytes', `$scrypt$ln=15,r=8,p=3$AAAA$${HASH}`],
    ['scrypt that is cheap to try', `$scrypt$ln=12,r=8,p=3$${SALT}$${HASH}`],
    ['scrypt that takes 256 MiB', `$scrypt$ln=18,r=8,p=1$${SALT}$${HASH}`],
    ['scrypt without parallelism', `$scrypt$ln=15,r=8,p=0$${SALT}$${HASH}`],
    ['argon2id that is cheap to try', `$argon2id$v=19$m=7167,t=2,p=1$${SALT}$${HASH}`],
    ['argon2id that takes 256 MiB', `$argon2id$v=19$m=262144,t=2,p=1$${SALT}$${HASH}`],
    ['argon2id without a pass', `$argon2id$v=19$m=19456,t=0,p=1$${SALT}$${HASH}`],
    ['something behind the hash', `$scrypt$ln=15,r=8,p=3$${SALT}$${HASH}$`],
    ['a line feed behind the hash', `$scrypt$ln=15,r=8,p=3$${SALT}$${HASH}\n`],
  ])('is not read from %s', (_, text) => {
    expect(readPasswordHash(text)).toBeUndefined();
  });

  test.each([
    ['the dearest scrypt', `$scrypt$ln=17,r=8,p=1$${SALT}$${HASH}`],
    ['the cheapest scrypt', `$scrypt$ln=13,r=8,p=1$${SALT}$${HASH}`],
    ['the dearest argon2id', `$argon2id$v=19$m=131072,t=1,p=1$${SALT}$${HASH}`],
    ['the cheapest argon2id', `$argon2id$v=19$m=7168,t=1,p=1$${SALT}$${HASH}`],
  ])('by %s that is taken can be compared with', async (_, text) => {
    expect(await readPasswordHash(text)?.('whatever')).toBe(false);
  });

  test('is nobody’s where there is nobody', async () => {
    expect(await isNobodysPassword('whatever')).toBe(false);
  });
});
