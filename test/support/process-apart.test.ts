import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { freePort } from './free-port.ts';
import { type ApartOptions, startApart } from './process-apart.ts';
import { inRepository } from './repository.ts';
import { until } from './until.ts';

/** Leaves a child that has ended unreaped, and waits for another, which gives back on port 389 what it gets. */
const echo = `
import os, signal, socket
signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
if not os.fork():
    os._exit(0)
child = os.fork()
if child:
    os.waitpid(child, 0)
    os._exit(1)
listener = socket.create_server(('127.0.0.1', 389))
print('READY', flush=True)
while True:
    client, _ = listener.accept()
    while octets := client.recv(100):
        client.sendall(octets)
    client.close()
`;

/** The states, as /proc has them, of the processes of this machine with this text among their arguments. */
function statesOf(mark: string, which: (words: string[]) => boolean = () => true): string[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (!words.includes(mark) || !which(words)) return [];
      return [/\) (\w) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? ''];
    } catch {
      return []; // not a process, or not any more
    }
  });
}

/** Not what has started it. */
const isServer = ([, option]: string[]) => option === '-c';

async function answer(port: number, words: string): Promise<string> {
  const client = connect({ host: '127.0.0.1', port }).setEncoding('utf8');
  client.end(words);
  let said = '';
  for await (const piece of client) said += piece;
  return said;
}

const root = process.platform === 'linux' && process.getuid?.() === 0;

(root ? describe : describe.skip)(
  `a server apart from this machine${root ? '' : ' (needs root on Linux)'}`,
  () => {
    let dir: string;
    beforeEach(async () => {
      dir = await mkdtemp(join(tmpdir(), 'latchkey-apart-'));
      await writeFile(join(dir, 'folders'), '/run\n');
    });
    afterEach(() => rm(dir, { recursive: true }));

    /** What to run; `mark` is among the arguments of its processes, and nowhere else. */
    const options = async (name: string) => {
      const state = join(dir, name);
      await mkdir(join(state, 'run'), { recursive: true });
      const port = await freePort();
      const mark = `mark of ${state}`;
      return {
        name: 'an echo',
        ...{ state, folders: join(dir, 'folders'), ports: [{ server: 389, host: port }], ready: /READY/ },
        ...{ command: ['/usr/bin/python3', '-c', echo, mark], port, mark },
      } satisfies ApartOptions & Record<string, unknown>;
    };

    test('has port and folders of its own, beside another, and keeps its folders when it starts again', async () => {
      const [one, other] = [await options('one'), await options('other')];
      await using first = await startApart(one);
      await using second = await startApart(other);
      for (const { port } of [one, other]) expect(await answer(port, 'Hello')).toBe('Hello');
      await first.exec(['sh', '-c', 'echo kept >/run/latchkey-apart']);
      expect(await second.exec(['ls', '/run'])).not.toContain('latchkey-apart');
      expect(existsSync('/run/latchkey-apart')).toBe(false);
      await first.stop();
      await expect(answer(one.port, 'Hello')).rejects.toThrow(/ECONNREFUSED/);
      await first.start();
      expect(await answer(one.port, 'Hello')).toBe('Hello');
      expect(await first.exec(['cat', '/run/latchkey-apart'])).toBe('kept\n');
    });

    test('stands still with all its processes while it is paused, and answers then', async () => {
      const one = await options('one');
      await using server = await startApart(one);
      await server.pause();
      expect(statesOf(one.mark, isServer)).toEqual(['T', 'T']);
      const late = answer(one.port, 'Hello');
      await server.resume();
      expect(await late).toBe('Hello');
    });

    test('is gone with all its processes once it was killed, paused or not', async () => {
      const one = await options('one');
      await using server = await startApart(one);
      await server.pause();
      await server.kill();
      expect(statesOf(one.mark, isServer)).toEqual([]);
      await expect(answer(one.port, 'Hello')).rejects.toThrow(/ECONNREFUSED/);
    });

    test('dies with the process that started it, however suddenly, and paused too', async () => {
      const one = await options('one');
      const program = `
      const { startApart } = await import(${JSON.stringify(inRepository('test/support/process-apart.ts'))});
      const server = await startApart({ ...${JSON.stringify(one)}, ready: /READY/ });
      await server.pause();
      console.log('paused');
    `;
      const starter = spawn(process.execPath, ['--input-type=module', '-e', program]);
      let said = '';
      for (const stream of [starter.stdout, starter.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      }
      await until(`it is paused: ${said}`, () => said.includes('paused'), 20_000);
      expect(statesOf(one.mark).length).toBeGreaterThan(1);
      starter.kill('SIGKILL');
      await once(starter, 'close');
      await until('all its processes are gone', () => statesOf(one.mark).length === 0);
    });

    test('says why it does not come up', async () => {
      const one = await options('one');
      const failing = startApart({ ...one, command: ['sh', '-c', 'echo no such domain >&2; exit 3'] });
      await expect(failing).rejects.toThrow('no such domain');
    });
  },
);
