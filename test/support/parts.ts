import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Where the servers of the tests run: in containers, or as processes of this machine. */
export type PartsMode = 'container' | 'process';

let asked: Promise<PartsMode> | undefined;

async function ask(): Promise<PartsMode> {
  const wish = process.env['LATCHKEY_TEST_PARTS'];
  if (wish === 'process' || wish === 'container') return wish;
  const engine = promisify(execFile)('docker', ['info', '--format', '{{.ServerVersion}}'], {
    timeout: 3_000,
  });
  return engine.then(
    () => 'container',
    () => 'process',
  );
}

/**
 * Says where the servers of the tests run: where LATCHKEY_TEST_PARTS (`container` or `process`) wants them, else in
 * containers if a Docker engine answers within 3 s, else as processes. Asks once.
 */
export function partsMode(): Promise<PartsMode> {
  asked ??= ask();
  return asked;
}
