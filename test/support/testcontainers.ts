/**
 * Loads testcontainers: only when it is needed, since that takes a second. Its own cleaner is an image that not
 * every engine can pull, so it stays away unless the environment asks for it; see remove-leftovers.ts.
 */
export async function loadTestcontainers(): Promise<typeof import('testcontainers')> {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  return import('testcontainers');
}
