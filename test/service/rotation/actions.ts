import { regenerate } from '../regenerate.ts';
import { signIn, verify } from '../stack.ts';
import { type Replica, type Secrets, secretOf } from './deployment.ts';

/** What clients do, and what of it went wrong. The password of `user0001` is `secret-user0001`. */
export interface Actions {
  /** Have the key verified; gives whether it was to be good. */
  readonly ask: (at: Replica, name: string) => Promise<boolean>;
  /** Sign in: the key is to be the same as long as it is to be good. */
  readonly comeIn: (at: Replica, name: string) => Promise<void>;
  /** Have the key replaced: the one before is to be gone. Throws where it is not replaced. */
  readonly renew: (at: Replica, name: string) => Promise<void>;
  /** How often. */
  readonly counts: { verified: number; signedIn: number; regenerated: number };
  /** What was answered otherwise than it was to be, in words. */
  readonly wrong: string[];
}

/**
 * A key is to be good everywhere, but at replicas that lack its secret where that is withdrawn.
 * @param keys everybody's last key by name, kept up to date
 * @param withdrawn the secrets that are on their way out of the deployment, or gone
 */
export function createActions(keys: Map<string, string>, withdrawn: () => Secrets): Actions {
  const counts = { verified: 0, signedIn: 0, regenerated: 0 };
  const wrong: string[] = [];
  const isGoodAt = ({ secrets }: Replica, name: string): boolean => {
    const key = keys.get(name);
    if (key === undefined) return false;
    return secretOf(key, withdrawn()) === undefined || secretOf(key, secrets) !== undefined;
  };
  const expected = (isRight: boolean, what: string) => {
    if (!isRight) wrong.push(what);
  };
  return {
    ...{ counts, wrong },
    async ask(at, name) {
      const isGood = isGoodAt(at, name);
      const { status } = await verify(at.url, keys.get(name) ?? '');
      counts.verified++;
      expected(status === (isGood ? 200 : 401), `key of ${name}, ${isGood ? 'good' : 'gone'}: ${status}`);
      return isGood;
    },
    async comeIn(at, name) {
      const isSame = isGoodAt(at, name);
      const { status, apiKey, text } = await signIn(at.url, name, `secret-${name}`);
      counts.signedIn++;
      expected(status === 200, `${name} signs in: ${status} ${text}`);
      expected((apiKey === keys.get(name)) === isSame, `${name} signs in: same key? it should be ${isSame}`);
      keys.set(name, apiKey);
    },
    async renew(at, name) {
      const before = keys.get(name) ?? '';
      keys.set(name, await regenerate(at.url, name, before));
      counts.regenerated++;
      const { status } = await verify(at.url, before);
      expected(status === 401, `former key of ${name}: ${status}`);
    },
  };
}
