import { argon2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** Says whether a password is the one that was hashed. Takes some tenths of a second on a thread of its own. */
export type IsPassword = (password: string) => Promise<boolean>;

/** What one try costs; `ln` is the binary logarithm of scrypt's N. */
interface ScryptCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/**
 * N=2^15, r=8, p=3: of the settings that OWASP's Password Storage Cheat Sheet holds for equal, the one that takes
 * 32 MiB at a time. Its first, N=2^17 and p=1, takes 128 MiB, which a small container does not have twice.
 */
const COST: ScryptCost = { ln: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** The least that OWASP recommends in any combination; what is cheaper to try is not taken. */
const LEAST = { ln: 13, r: 8, argon2KiB: 7168, saltBytes: 8, hashBytes: 16 };
/** One hash must not be able to take the service's memory. */
const MAX_BYTES = 128 * 1024 * 1024;

const SCRYPT = /^\$scrypt\$ln=(\d\d?),r=(\d\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const ARGON2ID =
  /^\$argon2id\$v=19\$m=(\d{1,6}),t=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

const deriveByArgon2 = promisify(argon2);

/** Hash a password by scrypt (RFC 7914) with a salt of its own. Gives `$scrypt$ln=…,r=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  return writeScrypt(salt, await scryptOf(password, salt, HASH_BYTES, COST));
}

/**
 * Read a hash in the PHC string format: scrypt as `hashPassword` writes it, or argon2id (RFC 9106) of another
 * tool. Gives what compares with it, or `undefined` where it is no such hash, weaker than OWASP recommends, or
 * wants more than 128 MiB.
 */
export function readPasswordHash(text: string): IsPassword | undefined {
  return readScrypt(text) ?? readArgon2id(text);
}

/** Costs what a comparison with a hash of `hashPassword` costs, and says no: for people who are not there. */
export const isNobodysPassword: IsPassword = async (password) => {
  await scryptOf(password, Buffer.alloc(SALT_BYTES), HASH_BYTES, COST);
  return false;
};

function readScrypt(text: string): IsPassword | undefined {
  const [, ln, r, p, salt, hash] = SCRYPT.exec(text) ?? [];
  const cost = { ln: Number(ln), r: Number(r), p: Number(p) };
  const isFit = cost.ln >= LEAST.ln && cost.r >= LEAST.r && scryptBytes(cost) <= MAX_BYTES;
  return isFit ? comparison(salt, hash, (...given) => scryptOf(...given, cost)) : undefined;
}

function readArgon2id(text: string): IsPassword | undefined {
  const [, m, passes, parallelism, salt, hash] = ARGON2ID.exec(text) ?? [];
  const memory = Number(m);
  const isFit = memory >= LEAST.argon2KiB && memory * 1024 <= MAX_BYTES;
  const cost = { memory, passes: Number(passes), parallelism: Number(parallelism) };
  if (!isFit) return undefined;
  return comparison(salt, hash, (message, nonce, tagLength) =>
    deriveByArgon2('argon2id', { message, nonce, tagLength, ...cost }),
  );
}

type Derive = (password: string, salt: Buffer, bytes: number) => Promise<Buffer>;

function comparison(salt = '', hash = '', derive: Derive): IsPassword | undefined {
  const [ownSalt, ownHash] = [Buffer.from(salt, 'base64'), Buffer.from(hash, 'base64')];
  // Every password would be right for a hash of no bytes.
  if (ownSalt.length < LEAST.saltBytes || ownHash.length < LEAST.hashBytes) return undefined;
  return async (password) => {
    const isEqual = timingSafeEqual(await derive(password, ownSalt, ownHash.length), ownHash);
    // HMAC, and with it scrypt, pads a short key with zeros: `x` and `x\0` have one hash (RFC 2104, 2).
    return isEqual && !password.includes('\0');
  };
}

function scryptOf(password: string, salt: Buffer, bytes: number, { ln, r, p }: ScryptCost): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  // OpenSSL counts a little beside what scryptBytes says.
  const options = { N: 2 ** ln, r, p, maxmem: 2 * MAX_BYTES };
  scrypt(password, salt, bytes, options, (error, derived) => (error ? reject(error) : resolve(derived)));
  return promise;
}

function scryptBytes({ ln, r }: ScryptCost): number {
  return 128 * r * 2 ** ln;
}

function writeScrypt(salt: Buffer, hash: Buffer): string {
  const [saltText, hashText] = [salt, hash].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${saltText}$${hashText}`;
}
