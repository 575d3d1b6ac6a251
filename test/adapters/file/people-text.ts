import type { FileVersion, PeopleFileParts } from '../../../src/adapters/file/people-file.ts';
import { recordingLog } from '../../support/recording-log.ts';

/** A hash of `alice-secret`, the cheapest that is taken. */
export const aliceHash =
  '$scrypt$ln=13,r=8,p=1$c2l4dGVlbiBieXRlIHNhbA$nev96AWwjiRKflgYNQ76wX+J+e1KgLvTqVUmp4EsZMw';

/** YAML of a file of people, from what each is to say. */
export function peopleText(...people: readonly object[]): string {
  return JSON.stringify({ people });
}

/** What a file says of alice, and what is different this time. */
export function alicesEntry(different: object = {}): object {
  return {
    id: '11111111-1111-4111-8111-111111111111',
    username: 'alice',
    email: 'alice@example.org',
    fullName: 'Alice Archer',
    password: aliceHash,
    ...different,
  };
}

/** One file in memory, and a clock: `write` makes a new version, `undefined` takes the file away. */
export function fileInMemory(text: string) {
  let held: string | undefined = text;
  let version = 0;
  let clock = 0;
  let reads = 0;
  const log = recordingLog();
  const parts: PeopleFileParts = {
    readFile: () => {
      reads++;
      if (held === undefined) throw new Error('no such file');
      return held;
    },
    stat: (): FileVersion => {
      if (held === undefined) throw new Error('no such file');
      return { ino: 1, size: held.length, mtimeMs: version, ctimeMs: version };
    },
    now: () => clock,
    log,
  };
  return {
    parts,
    lines: log.lines,
    reads: () => reads,
    write: (next: string | undefined) => {
      held = next;
      version++;
    },
    pass: (ms: number) => {
      clock += ms;
    },
  };
}
