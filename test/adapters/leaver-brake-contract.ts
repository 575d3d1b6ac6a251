import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { BRAKE_SAMPLE, type BrakeOptions, type LeaverBrake } from '../../src/ports/leaver-brake.ts';
import { until } from '../support/until.ts';

/** A brake under test: made anew for each set of options, on what is emptied before each test. */
export interface BrakeUnderTest {
  readonly create: (options: BrakeOptions) => LeaverBrake;
  readonly empty: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const OPTIONS: BrakeOptions = { share: 0.5, atLeast: 5, windowMs: 60_000 };

/** What every brake must do, whatever counts. */
export function describeLeaverBrake(name: string, start: () => Promise<BrakeUnderTest>): void {
  describe(`the leaver brake ${name}`, () => {
    let tested: BrakeUnderTest;
    let brake: LeaverBrake;
    const check = (from: number, to: number) =>
      Promise.all(Array.from({ length: to - from }, (_, at) => brake.checked('corp', from + at)));
    /** So many go one after the other; gives how many may. */
    const leave = async (from: number, to: number) => {
      let allowed = 0;
      for (let id = from; id < to; id++) if ((await brake.mayLeave('corp', id)).isAllowed) allowed++;
      return allowed;
    };

    beforeAll(async () => {
      tested = await start();
    });
    beforeEach(async () => {
      await tested.empty();
      brake = tested.create(OPTIONS);
    });
    afterAll(() => tested.end());

    test('lets a few go, whatever part of all they are', async () => {
      expect(await leave(1, 5)).toBe(4);
      expect((await brake.standing('corp')).heldSince).toBeUndefined();
    });

    test('holds when too many go, says so once, and lets nobody go from then on', async () => {
      await leave(1, 5);
      const fifth = await brake.mayLeave('corp', 5);
      expect(fifth).toMatchObject({
        isAllowed: false,
        hasJustTaken: true,
        standing: { checked: 5, absent: 5 },
      });
      expect(fifth.standing.heldSince).toEqual(expect.any(Number));
      expect(await brake.mayLeave('corp', 6)).toMatchObject({ isAllowed: false, hasJustTaken: false });
      await check(100, 200);
      expect((await brake.mayLeave('corp', 7)).isAllowed).toBe(false);
    });

    test('lets as many go as are no more than the share of those who were checked', async () => {
      await check(1, 21);
      expect(await leave(1, 21)).toBe(10);
      expect(await brake.standing('corp')).toMatchObject({ checked: 20, absent: 20 });
    });

    test('counts everybody once, however often they are asked about', async () => {
      await check(1, 101);
      for (let round = 0; round < 3; round++) await leave(1, 5);
      await check(1, 101);
      expect(await brake.standing('corp')).toMatchObject({ checked: 100, absent: 4, heldSince: undefined });
    });

    test('counts each directory for itself', async () => {
      await leave(1, 10);
      expect((await brake.standing('corp')).heldSince).toEqual(expect.any(Number));
      expect(await brake.standing('other')).toEqual({
        ...{ checked: 0, absent: 0, heldSince: undefined, releasedUntil: undefined },
      });
      expect((await brake.mayLeave('other', 1)).isAllowed).toBe(true);
    });

    test('lets everybody go once it is released, for a while, and then holds again', async () => {
      await leave(1, 10);
      await brake.release('corp', 500);
      const released = await brake.standing('corp');
      expect(released).toMatchObject({ heldSince: undefined, absent: 0 });
      expect(released.releasedUntil).toEqual(expect.any(Number));
      expect(await leave(1, 10)).toBe(9);
      await until(
        'the release is over',
        async () => (await brake.standing('corp')).releasedUntil === undefined,
      );
      expect((await brake.mayLeave('corp', 10)).isAllowed).toBe(false);
    });

    test('forgets those who went before the window', async () => {
      brake = tested.create({ ...OPTIONS, windowMs: 300 });
      await leave(1, 5);
      await until('the window has passed', async () => (await brake.standing('corp')).absent === 0);
      expect(await leave(5, 9)).toBe(4);
    });

    test('takes the latest for all of them where there are very many', async () => {
      await check(1, BRAKE_SAMPLE + 501);
      expect(await brake.standing('corp')).toMatchObject({ checked: BRAKE_SAMPLE });
    });
  });
}
