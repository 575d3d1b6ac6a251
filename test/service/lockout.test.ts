import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bindAnswer } from '../support/bind-answer.ts';
import { describeWithDirectory } from '../support/describe-with-directory.ts';
import { type Besieged, besiegedActiveDirectory, besiegedOpenLdap } from './besieged.ts';
import { type Guarded, startGuarded } from './guarded.ts';

/** At this many wrong passwords each directory locks: strangers get three of them, familiar addresses two. */
const THRESHOLD = 6;
const [STRANGERS, FAMILIAR] = [3, 2];
const HOME = '192.0.2.1';
const STRANGE = ['198.51.100.1', '198.51.100.2', '203.0.113.3', '2001:db8:1::1'];

function besiege(
  describeSiege: (name: string, suite: () => void) => void,
  name: string,
  start: () => Promise<Besieged>,
) {
  describeSiege(`a person of ${name} whose password strangers guess at`, () => {
    let directory: Besieged;
    let guarded: Guarded;
    beforeAll(async () => {
      directory = await start();
      guarded = await startGuarded(directory.port, directory.settings);
    });
    afterAll(async () => {
      await guarded?.[Symbol.asyncDispose]();
      await directory?.[Symbol.asyncDispose]();
    });

    /** Every spelling at once, from one address after the other; the statuses. */
    const flood = async (addresses: readonly string[]) => {
      const names = [...directory.spellings, ...directory.others];
      const statuses: number[] = [];
      for (const address of addresses) {
        const guesses = names.map((typed, at) =>
          guarded.signIn(typed, `guess ${at} from ${address}`, address),
        );
        statuses.push(...(await Promise.all(guesses)));
      }
      return new Set(statuses);
    };
    const bindsAsPerson = () => guarded.binds().filter((dn) => dn === directory.person.dn).length;
    const signIn = (typed: string, address: string) =>
      guarded.signIn(typed, directory.person.password, address);
    const bindsDirectly = async ({ dn, password }: Besieged['person']) =>
      (await bindAnswer(directory.url, dn, password)).code === 0;

    /** What makes her address familiar under each of her names, and forgets all failures. */
    const comeHome = async () => {
      for (const typed of directory.spellings)
        expect([typed, await signIn(typed, HOME)]).toEqual([typed, 200]);
      guarded.resetCounts();
    };

    test('is not locked out by the directory, and still comes in from where she did before', async () => {
      await comeHome();
      expect(await flood(STRANGE)).toEqual(new Set([401, 429]));
      expect(bindsAsPerson()).toBe(STRANGERS);
      expect(await directory.failures(directory.person.dn)).toBe(STRANGERS);
      const refused = [];
      for (const typed of directory.spellings) refused.push(await signIn(typed, STRANGE[0] ?? ''));
      expect(new Set(refused)).toEqual(new Set([429]));
      expect(bindsAsPerson()).toBe(STRANGERS);

      const shown = await guarded.attempts('show', directory.spellings[0] ?? '');
      expect(shown).toMatch(
        /person \S+ of corp\n {2}strangers: 3 used, 0 left, next in \d+ s\n {2}familiar: {2}0 used, 2 left\n/,
      );

      await comeHome();
      expect(await bindsDirectly(directory.person)).toBe(true);
    });

    test('is not locked out either where they guess from her address too', async () => {
      await comeHome();
      expect(await flood([...STRANGE, HOME])).toEqual(new Set([401, 429]));
      expect(bindsAsPerson()).toBe(STRANGERS + FAMILIAR);
      expect(await directory.failures(directory.person.dn)).toBe(THRESHOLD - 1);
      expect(await bindsDirectly(directory.person)).toBe(true);
      await guarded.attempts('clear', directory.spellings[0] ?? '');
    });

    test('would be locked out by the same guesses straight at the directory', async () => {
      const { unguarded } = directory;
      for (let time = 1; time < THRESHOLD; time += 1) {
        await bindAnswer(directory.url, unguarded.dn, `guess ${time}`);
      }
      expect(await bindsDirectly(unguarded)).toBe(true);
      for (let time = 1; time <= THRESHOLD; time += 1) {
        await bindAnswer(directory.url, unguarded.dn, `guess ${time}`);
      }
      expect(await bindsDirectly(unguarded)).toBe(false);
    });
  });
}

besiege(describe, 'OpenLDAP', () => besiegedOpenLdap(THRESHOLD));
besiege(
  (name, suite) => describeWithDirectory('samba-ad', name, suite),
  'Active Directory',
  () => besiegedActiveDirectory(THRESHOLD),
);
