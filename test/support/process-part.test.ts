import { expect, test } from '@jest/globals';
import { startProcess } from './process-part.ts';

const sh = (script: string) => ({ name: 'A part', command: 'sh', args: ['-c', script], ready: /^READY$/m });
const numbers = 'i=1; while [ $i -le 50 ]; do echo "line $i"; i=$((i + 1)); done';

/** What starting it is refused with. */
async function failureOf(options: Parameters<typeof startProcess>[0]): Promise<Error> {
  return startProcess(options).then(
    async (part) => {
      await part[Symbol.asyncDispose]();
      throw new Error('it has started');
    },
    (error: Error) => error,
  );
}

test('one that says that it is ready has started', async () => {
  await using part = await startProcess(sh('echo READY; exec sleep 600'));
  expect(part.pid()).toBeGreaterThan(0);
});

test('one that ends at once is reported by its name, its command and its last lines', async () => {
  const { message } = await failureOf(sh(`${numbers}; echo "the reason" >&2; exit 3`));
  const [heading, ...told] = message.split('\n');
  expect(heading).toBe(
    `A part ended (3) before it was ready: sh -c '${numbers}; echo "the reason" >&2; exit 3'`,
  );
  expect(told).toHaveLength(41);
  expect(told).toContain('  line 50');
  expect(told).toContain('  the reason');
  expect(told).not.toContain('  line 11');
});

test('one that is killed is reported by the signal', async () => {
  expect((await failureOf(sh('kill -KILL $$'))).message).toMatch(
    /^A part ended \(SIGKILL\) before it was ready: /,
  );
});

test('one that never gets ready is reported in the same way, and ended', async () => {
  const { message } = await failureOf({ ...sh('echo $$; echo waiting; exec sleep 600'), within: 300 });
  expect(message).toMatch(/^A part is not ready after 300 ms: sh -c 'echo .* exec sleep 600'\n/);
  expect(message).toContain('\n  waiting');
  const pid = Number(/^ {2}(\d+)$/m.exec(message)?.[1]);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('one that cannot be found is reported', async () => {
  const missing = { ...sh(''), command: 'no-such-command', args: [] };
  expect((await failureOf(missing)).message).toMatch(/no-such-command: not found/);
});
