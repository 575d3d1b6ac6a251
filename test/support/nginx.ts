import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import type { Part } from './part.ts';
import { startProcess } from './process-part.ts';
import { until } from './until.ts';

/** A running nginx. */
export type Nginx = Part & {
  readonly port: number;
  /** http://127.0.0.1:port */
  readonly url: string;
};

/** What is in front of it, and behind. */
export type NginxOptions = {
  /** Lines for the block `http`, with a server that listens on `listen`. */
  http: (listen: string) => string;
  /** Files beside its configuration, by name: the configuration may name them as they are. */
  files?: Readonly<Record<string, string>>;
};

/** Everything that it writes stays below its own prefix, and it needs no rights. */
const frame = (http: string) => `
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr notice;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path temp/body;
  proxy_temp_path temp/proxy;
  fastcgi_temp_path temp/fastcgi;
  uwsgi_temp_path temp/uwsgi;
  scgi_temp_path temp/scgi;
${http}
}
`;

/** Starts an nginx of its own on a free port. Throws, with its own words, where the configuration is no good. */
export async function startNginx({ http, files = {} }: NginxOptions): Promise<Nginx> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const prefix = await mkdtemp(join(tmpdir(), 'latchkey-nginx-'));
  const removePrefix = () => rm(prefix, { recursive: true, force: true });
  try {
    // Started by root, its worker is somebody else.
    await chmod(prefix, 0o755);
    await mkdir(join(prefix, 'temp'));
    const written = { ...files, 'nginx.conf': frame(http(`127.0.0.1:${port}`)) };
    for (const [name, text] of Object.entries(written)) await writeFile(join(prefix, name), text);
    const part = await startProcess({
      name: 'nginx',
      command: 'nginx',
      args: ['-p', prefix, '-c', 'nginx.conf', '-e', 'stderr'],
      // Debian keeps it where an ordinary user's PATH does not look.
      env: { PATH: `${process.env['PATH']}:/usr/sbin:/usr/local/sbin` },
      ready: /start worker process \d+/,
    });
    const dispose = async () => {
      await part[Symbol.asyncDispose]();
      await removePrefix();
    };
    await until('nginx answers', () => fetch(url).then(() => true)).catch(async (error: unknown) => {
      await dispose();
      throw error;
    });
    return { ...part, port, url, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await removePrefix();
    throw error;
  }
}
