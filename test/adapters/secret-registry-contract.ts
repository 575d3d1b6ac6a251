import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SecretRegistry } from '../../src/ports/secret-registry.ts';

/** A registry under test, and how to empty it and end it. */
export interface RegistryUnderTest {
  readonly registry: SecretRegistry;
  readonly empty: () => Promise<void>;
  readonly end: () => Promise<void>;
}

const [OLD, NEW, OTHER] = ['0a0a0a0a', '1b1b1b1b', '2c2c2c2c'] as const;

/** What every registry of secrets must do, whatever keeps it. */
export function describeSecretRegistry(name: string, start: () => Promise<RegistryUnderTest>): void {
  describe(`the registry of secrets ${name}`, () => {
    let tested: RegistryUnderTest;
    let registry: SecretRegistry;

    beforeAll(async () => {
      tested = await start();
      ({ registry } = tested);
    });
    beforeEach(() => tested.empty());
    afterAll(() => tested.end());

    test.each([true, false])(
      'registers the first of a ring where none was (at a start: %s)',
      async (isStart) => {
        expect(await registry.registered()).toBeUndefined();
        expect(await registry.register([NEW, OLD], isStart)).toBe(NEW);
        expect(await registry.registered()).toBe(NEW);
      },
    );

    test('registers the first of a ring that has what is registered when a replica starts, and only then', async () => {
      await registry.register([OLD], true);
      expect(await registry.register([NEW, OLD], false)).toBe(OLD);
      expect(await registry.registered()).toBe(OLD);
      expect(await registry.register([NEW, OLD], true)).toBe(NEW);
      expect(await registry.registered()).toBe(NEW);
    });

    test('leaves it where the ring has it first, and tells a ring that has it last', async () => {
      await registry.register([OLD, NEW], true);
      expect(await registry.register([OLD, NEW], true)).toBe(OLD);
      expect(await registry.register([NEW, OTHER, OLD], false)).toBe(OLD);
    });

    test.each([true, false])('changes nothing for a ring that lacks it (at a start: %s)', async (isStart) => {
      await registry.register([OLD], true);
      expect(await registry.register([NEW, OTHER], isStart)).toBe(OLD);
      expect(await registry.registered()).toBe(OLD);
    });

    test('accepts whatever an operator says', async () => {
      await registry.register([OLD], true);
      await registry.accept(OTHER);
      expect(await registry.registered()).toBe(OTHER);
      expect(await registry.register([OLD], true)).toBe(OTHER);
    });

    test('lets one of many that start at the same time be first', async () => {
      const rings = [[OLD, NEW, OTHER] as const, [NEW, OLD, OTHER] as const, [OTHER, OLD, NEW] as const];
      const told = await Promise.all(rings.map((ids) => registry.register([...ids], false)));
      expect(new Set(told)).toEqual(new Set([await registry.registered()]));
    });
  });
}
