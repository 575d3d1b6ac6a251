import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { TicketStore } from '../../src/ports/ticket-store.ts';
import { until } from '../support/until.ts';

/** A store under test, and how to empty it and end it. */
export interface TicketsUnderTest {
  readonly tickets: TicketStore;
  readonly empty: () => Promise<void>;
  readonly end: () => Promise<void>;
}

/** What every ticket store must do, whatever keeps it. */
export function describeTicketStore(name: string, start: () => Promise<TicketsUnderTest>): void {
  describe(`the ticket store ${name}`, () => {
    let { tickets, empty, end }: Partial<TicketsUnderTest> = {};
    const store = (): TicketStore => {
      if (!tickets) throw new Error('the store is not started');
      return tickets;
    };

    beforeAll(async () => {
      ({ tickets, empty, end } = await start());
    });
    beforeEach(() => empty?.());
    afterAll(() => end?.());

    test('gives a value back for as long as it lives, and to each who asks', async () => {
      await store().put('a', 'value', 60_000);
      expect([await store().get('a'), await store().get('a')]).toEqual(['value', 'value']);
      expect(await store().get('b')).toBeUndefined();
    });

    test('keeps the latest value', async () => {
      await store().put('a', 'first', 60_000);
      await store().put('a', 'second', 60_000);
      expect(await store().get('a')).toBe('second');
    });

    test('lets one of many take a value', async () => {
      await store().put('a', 'value', 60_000);
      const taken = await Promise.all(Array.from({ length: 20 }, () => store().take('a')));
      expect(taken.filter((one) => one !== undefined)).toEqual(['value']);
      expect(await store().get('a')).toBeUndefined();
    });

    test('forgets a value that is dropped, and does not mind one that is not there', async () => {
      await store().put('a', 'value', 60_000);
      await store().drop('a');
      await store().drop('a');
      expect(await store().take('a')).toBeUndefined();
    });

    test('forgets a value when its life is over', async () => {
      await store().put('a', 'value', 100);
      await until('it is gone', async () => (await store().get('a')) === undefined);
      expect(await store().take('a')).toBeUndefined();
    });
  });
}
