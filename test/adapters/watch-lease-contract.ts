import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { WatchLease } from '../../src/ports/watch-lease.ts';
import { until } from '../support/until.ts';

/** A lease under test, and how to empty it and end it. */
export interface LeaseUnderTest {
  readonly lease: WatchLease;
  readonly empty: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const LONG_MS = 60_000;

/** What every lease must do, whatever keeps it. */
export function describeWatchLease(name: string, start: () => Promise<LeaseUnderTest>): void {
  describe(`the lease ${name}`, () => {
    let tested: LeaseUnderTest;
    const hold = (holder: string, forMs = LONG_MS, cursor?: string) =>
      tested.lease.hold('corp', holder, forMs, cursor);

    beforeAll(async () => {
      tested = await start();
    });
    beforeEach(() => tested.empty());
    afterAll(() => tested.end());

    test('is one replica’s at a time, and of each directory for itself', async () => {
      expect(await hold('one')).toEqual({ cursor: undefined });
      expect(await hold('two')).toBeUndefined();
      expect(await hold('one')).toEqual({ cursor: undefined });
      expect(await tested.lease.hold('other', 'two', LONG_MS)).toEqual({ cursor: undefined });
    });

    test('is taken once among many who want it at the same time', async () => {
      const wanted = await Promise.all(Array.from({ length: 20 }, (_, at) => hold(`replica ${at}`)));
      expect(wanted.filter((held) => held !== undefined)).toHaveLength(1);
    });

    test('is another’s when it has run out, with the cursor that was kept', async () => {
      await hold('one', 200, 'cursor 1');
      expect(await hold('two')).toBeUndefined();
      expect(await until('the lease has run out', () => hold('two'))).toEqual({ cursor: 'cursor 1' });
      expect(await hold('one', LONG_MS, 'cursor of who is too late')).toBeUndefined();
      expect(await hold('two')).toEqual({ cursor: 'cursor 1' });
    });

    test('is another’s at once where it was let go, by whom it was held', async () => {
      await hold('one', LONG_MS, 'cursor 1');
      await tested.lease.letGo('corp', 'two');
      expect(await hold('two')).toBeUndefined();
      await tested.lease.letGo('corp', 'one');
      expect(await hold('two')).toEqual({ cursor: 'cursor 1' });
    });
  });
}
