import { spawnSync } from 'node:child_process';

/** A request that a person could make with curl. */
export type Request = {
  url: string;
  /** Fields of a form to POST; without them it is a GET. */
  form?: Record<string, string>;
  headers?: Record<string, string>;
  /** Whether the answer begins with the status line and the headers (curl -i); false without it. */
  include?: boolean;
};

const quoted = (word: string) => (/[^\w@%+=:,./-]/.test(word) ? `'${word}'` : word);

/** Gives curl's arguments for a request. */
function curlArguments({ url, form = {}, headers = {}, include = false }: Request): string[] {
  const fields = Object.entries(form).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]);
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  return ['-sS', ...(include ? ['-i'] : []), ...lines, ...fields, url];
}

async function byFetch({ url, form, headers = {}, include = false }: Request): Promise<string> {
  const post = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const response = await fetch(url, { headers, ...post });
  const lines = [...response.headers].map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${response.status} ${response.statusText}`, ...lines, '', ''].join('\r\n');
  return (include ? head : '') + (await response.text());
}

/**
 * Makes the request with curl and gives what curl printed; says the command first. Where curl is not installed, says so
 * and makes it with fetch. Throws when there is no answer.
 */
export async function curl(request: Request, say: (line: string) => void): Promise<string> {
  const args = curlArguments(request);
  say(`  $ ${['curl', ...args].map(quoted).join(' ')}`);
  const { error, status, stdout, stderr } = spawnSync('curl', args, { encoding: 'utf8', timeout: 20_000 });
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') {
    say('  (curl is not installed: asked with fetch instead)');
    return byFetch(request);
  }
  if (error !== undefined || status !== 0) throw new Error(`curl failed: ${error?.message ?? stderr}`);
  return stdout;
}
