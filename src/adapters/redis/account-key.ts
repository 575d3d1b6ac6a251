/** The key of an account's hash, without the prefix of the service. */
export function accountKey(id: number): string {
  return accountKeyPrefix('') + id;
}

/** What the keys of all accounts begin with. */
export function accountKeyPrefix(servicePrefix: string): string {
  return `${servicePrefix}account:`;
}

/** The id in an account's key, by the prefix of all; `undefined` where the key is of no account. */
export function accountIdOf(key: string, prefix: string): number | undefined {
  const id = key.startsWith(prefix) ? Number(key.slice(prefix.length)) : Number.NaN;
  return Number.isSafeInteger(id) && id > 0 ? id : undefined;
}

/** The key of an entry's pointer to its account, without the prefix of the service. */
export function pointerKey(directoryId: string, entryId: string): string {
  return `entry:${directoryId}:${entryId}`;
}
