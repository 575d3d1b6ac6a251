import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createSecretRing, type SecretLabel } from '../../src/keys/secret-ring.ts';

const labels = ['id', 'key', 'tag', 'name', 'session', 'ticket', 'csrf'] as const satisfies SecretLabel[];

const secret = (fill: number) => Buffer.alloc(32, fill);

describe('the ring of secrets', () => {
  test('takes its first secret for the current one', () => {
    const ring = createSecretRing([secret(1), secret(2)]);
    expect(ring.current).toBe(ring.secrets[0]);
  });

  test('names a secret by its content, wherever it stands', () => {
    const [first, second] = createSecretRing([secret(1), secret(2)]).secrets;
    const turned = createSecretRing([secret(2), secret(1)]);
    expect(turned.secrets.map(({ id }) => id)).toEqual([second?.id, first?.id]);
    expect(turned.byId(first?.id ?? '')?.id).toBe(first?.id);
    expect(first?.id).toBe(createHmac('sha256', secret(1)).update('id').digest('hex').slice(0, 8));
  });

  test('does not know a secret that has left it', () => {
    const { id } = createSecretRing([secret(1)]).current;
    expect(createSecretRing([secret(2)]).byId(id)).toBeUndefined();
  });

  test('gives each use of a secret an HMAC of its own', () => {
    const { current } = createSecretRing([secret(1)]);
    expect(new Set(labels.map((label) => current.hmac(label, 'same', 'hex'))).size).toBe(labels.length);
  });

  test('has no label that begins another, so that label and message cannot be told apart in two ways', () => {
    const beginning = (label: string) => labels.filter((other) => other.startsWith(label));
    expect(labels.map(beginning)).toEqual(labels.map((label) => [label]));
  });

  test('shows no secret to whoever prints it', () => {
    const bytes = Buffer.from('do-not-show-me-do-not-show-me-do-not-show-me');
    const printed = JSON.stringify(createSecretRing([bytes]));
    expect(printed).not.toContain(bytes.toString());
    expect(printed).not.toContain(bytes.toString('base64'));
  });

  test('refuses to be empty, to hold a short secret, or to hold one twice', () => {
    expect(() => createSecretRing([])).toThrow(RangeError);
    expect(() => createSecretRing([Buffer.alloc(31)])).toThrow('a secret needs at least 32 bytes');
    expect(() => createSecretRing([secret(1), secret(1)])).toThrow(RangeError);
  });
});
