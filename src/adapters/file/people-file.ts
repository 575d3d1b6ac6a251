import type { Log } from '../../ports/log.ts';
import { createPeople, type People } from './people.ts';
import { type PeopleRead, readPeople } from './read-people.ts';

/** What tells one version of a file from another: `fs.Stats` has it. */
export interface FileVersion {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

/** What a file of people is read with. */
export interface PeopleFileParts {
  /** Gives a file's text; throws where it cannot be read. */
  readonly readFile: (path: string) => string;
  /** Gives a file's version, links followed; throws where there is no such file. */
  readonly stat: (path: string) => FileVersion;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  readonly log: Log;
}

/** The file of people cannot be used: one line for each fault, saying file, field and person. */
export class PeopleFileError extends Error {
  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'PeopleFileError';
  }
}

/** At most so often the file is looked at, in milliseconds: that far behind it the people may be. */
const LOOK_EVERY_MS = 1000;

/**
 * Open a file of people. What is given back gives the people as the file has them now, at most a second late;
 * looked at on use, since watching misses changes on network file systems and mounted volumes. A version that
 * cannot be used is logged once, and the people before it stay.
 * @throws {PeopleFileError} where the first version cannot be used
 */
export function openPeopleFile(parts: PeopleFileParts, path: string): () => People {
  const { log, now } = parts;
  let lookedAt = now();
  // The version is taken before the text: a change in between is seen at the next look.
  let version = versionOf(parts, path);
  const first = read(parts, path);
  if ('faults' in first) throw new PeopleFileError(first.faults);
  let people = createPeople(first.people);

  const readAgain = (): void => {
    const again = read(parts, path);
    if ('faults' in again) {
      log.error({ faults: again.faults }, 'a file of people cannot be used; the people before it stay');
      return;
    }
    people = createPeople(again.people);
    log.info({ path, people: people.all.length }, 'a file of people was read again');
  };

  return () => {
    if (now() - lookedAt < LOOK_EVERY_MS) return people;
    lookedAt = now();
    const latest = versionOf(parts, path);
    if (latest !== version) {
      version = latest;
      readAgain();
    }
    return people;
  };
}

function read({ readFile }: PeopleFileParts, path: string): PeopleRead {
  let text: string;
  try {
    text = readFile(path);
  } catch {
    return { faults: [`${path}: the file cannot be read; name a YAML file that the service may read`] };
  }
  return readPeople(path, text);
}

/** `undefined` where there is no file. */
function versionOf({ stat }: PeopleFileParts, path: string): string | undefined {
  try {
    const { ino, size, mtimeMs, ctimeMs } = stat(path);
    return [ino, size, mtimeMs, ctimeMs].join();
  } catch {
    return undefined;
  }
}
