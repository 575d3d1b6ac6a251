import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openPeopleFile, PeopleFileError } from '../../../src/adapters/file/people-file.ts';
import { aliceHash, alicesEntry, fileInMemory, peopleText } from './people-text.ts';

const path = '/people.yaml';

function alicesFile() {
  const file = fileInMemory(peopleText(alicesEntry()));
  return { ...file, nameOfAlice: openPeopleName(file) };
}

/** The full name that the file has for alice; `undefined` where it has no alice. */
function openPeopleName({ parts }: ReturnType<typeof fileInMemory>): () => string | undefined {
  const people = openPeopleFile(parts, path);
  return () => people().named('alice')?.fullName;
}

const renamed = () => peopleText(alicesEntry({ fullName: 'Alice Baker' }));

describe('a file of people', () => {
  test('that changes is read again, after a second and not sooner', () => {
    const file = alicesFile();
    file.write(renamed());
    file.pass(999);
    expect(file.nameOfAlice()).toBe('Alice Archer');
    file.pass(1);
    expect(file.nameOfAlice()).toBe('Alice Baker');
    expect(file.lines).toEqual([
      JSON.stringify({ path, people: 1, message: 'a file of people was read again' }),
    ]);
  });

  test('that does not change is read once', () => {
    const file = alicesFile();
    for (let seconds = 0; seconds < 10; seconds++) {
      file.pass(1000);
      file.nameOfAlice();
    }
    expect(file.reads()).toBe(1);
    expect(file.lines).toEqual([]);
  });

  test.each([
    ['is not YAML', () => 'people: ['],
    ['is empty, as an editor makes it for a moment', () => ''],
    ['has a person at fault', () => peopleText(alicesEntry({ username: '' }))],
    ['names someone twice', () => peopleText(alicesEntry(), alicesEntry())],
    ['is gone', () => undefined],
  ])('that %s keeps its people, and says so once', (_, broken) => {
    const file = alicesFile();
    file.write(broken());
    for (let seconds = 0; seconds < 3; seconds++) {
      file.pass(1000);
      expect(file.nameOfAlice()).toBe('Alice Archer');
    }
    expect(file.lines).toHaveLength(1);
    expect(file.lines[0]).toContain('a file of people cannot be used; the people before it stay');
    expect(file.lines[0]).toContain(`"faults":["${path}: `);
    expect(file.lines[0]).not.toContain(aliceHash);
    file.write(renamed());
    file.pass(1000);
    expect(file.nameOfAlice()).toBe('Alice Baker');
  });

  test('lets go of everybody where it names nobody', () => {
    const file = alicesFile();
    file.write('people: []');
    file.pass(1000);
    expect(file.nameOfAlice()).toBeUndefined();
  });

  test.each([
    [
      'cannot be read',
      undefined,
      `${path}: the file cannot be read; name a YAML file that the service may read`,
    ],
    [
      'is at fault',
      'people: 5\nmore: 1',
      `${path}: people: missing or no list; write the people below it\n${path}: more: unknown setting`,
    ],
  ])('that %s at first is a fault', (_, text, message) => {
    const file = fileInMemory('');
    file.write(text);
    expect(() => openPeopleName(file)).toThrow(new PeopleFileError(message.split('\n')));
  });

  test('on a disk is seen to change, replaced or written over', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'latchkey-people-'));
    try {
      const [real, next] = [join(folder, 'people.yaml'), join(folder, 'next.yaml')];
      await writeFile(real, peopleText(alicesEntry()));
      const { parts, pass } = fileInMemory('');
      const onDisk = { ...parts, readFile: (name: string) => readFileSync(name, 'utf8'), stat: statSync };
      const people = openPeopleFile(onDisk, real);
      await writeFile(next, renamed());
      await rename(next, real);
      pass(1000);
      expect(people().named('alice')?.fullName).toBe('Alice Baker');
      await writeFile(real, 'people: []');
      pass(1000);
      expect(people().all).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
