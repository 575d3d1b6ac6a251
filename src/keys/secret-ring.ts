import { createHmacSha256, type Digits } from './hmac-sha-256.ts';

/** The least that a secret may hold: as many bytes as HMAC-SHA-256 gives. */
const MINIMUM_SECRET_BYTES = 32;

/** One secret of the ring. Its bytes stay inside; what comes out are HMACs under a label. */
export interface Secret {
  /** First 8 hex digits of HMAC(secret, "id"): names the secret without its position, and tells nothing of it. */
  readonly id: string;
  /**
   * HMAC-SHA-256(secret, label ‖ message ‖ bytes). Every use has a label of its own, and none is the start of another.
   */
  hmac(label: SecretLabel, message: string, digits: Digits, bytes?: Buffer): string;
}

/**
 * `id`: the secret's name · `key`: an API key's random part · `tag`: its tag · `name`: a typed username in
 * counters and logs · `session`: a browser's page session · `ticket`: a single-use desktop token · `csrf`:
 * the token in the forms of a browser · `address`: a client address that somebody has signed in from.
 */
export type SecretLabel = 'id' | 'key' | 'tag' | 'name' | 'session' | 'ticket' | 'csrf' | 'address';

/** The secrets that keys are derived with: the first is current, the others keep older keys alive. */
export interface SecretRing {
  /** New keys are derived with this one. */
  readonly current: Secret;
  readonly secrets: readonly Secret[];
  /** The secret with this id, or `undefined` where it has left the ring. */
  byId(id: string): Secret | undefined;
}

/**
 * Make a ring from secrets of at least 32 bytes each, the current one first.
 * @throws {RangeError} where the ring is empty, a secret is too short, or two share an id
 */
export function createSecretRing(secrets: readonly Buffer[]): SecretRing {
  const ring = secrets.map(createSecret);
  const [current] = ring;
  if (!current) throw new RangeError('the ring needs at least one secret');
  const ids = new Map(ring.map((secret) => [secret.id, secret]));
  if (ids.size < ring.length) throw new RangeError('two secrets of the ring have the same id');
  return { current, secrets: ring, byId: (id) => ids.get(id) };
}

function createSecret(bytes: Buffer): Secret {
  if (bytes.length < MINIMUM_SECRET_BYTES) {
    throw new RangeError(`a secret needs at least ${MINIMUM_SECRET_BYTES} bytes`);
  }
  const hmac = createHmacSha256(bytes);
  return {
    id: hmac('id', undefined, 'hex').slice(0, 8),
    hmac: (label, message, digits, behind) => hmac(label + message, behind, digits),
  };
}
