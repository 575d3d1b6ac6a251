import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Checks } from './checks/check.ts';
import { credentialsChecks } from './checks/credentials.ts';
import { developmentChecks } from './checks/development.ts';
import { otherWaysChecks } from './checks/other-ways.ts';
import { pagesChecks } from './checks/pages.ts';
import { rateLimitChecks } from './checks/rate-limits.ts';
import { refusalsChecks } from './checks/refusals.ts';
import { serverSettingsChecks } from './checks/server-settings.ts';
import { type ContractRow, contractRows } from './contract-rows.ts';
import { startWorld, type World } from './world.ts';

const tables: readonly Checks[] = [
  refusalsChecks,
  serverSettingsChecks,
  developmentChecks,
  otherWaysChecks,
  credentialsChecks,
  rateLimitChecks,
  pagesChecks,
];
const checks: Checks = Object.assign({}, ...tables);
const rows = contractRows();
const proved = rows.filter(({ verdict }) => verdict !== 'no');

describe('the list of rows', () => {
  test('has each number once', () => {
    const numbers = rows.map(({ number }) => number);
    expect(numbers).toEqual([...new Set(numbers)]);
  });

  test('gives a reason for each row that is not simply kept', () => {
    expect(rows.filter(({ verdict, remark }) => verdict !== 'kept' && remark === '')).toEqual([]);
  });

  test('and the tests name the same rows', () => {
    const tested = tables.flatMap((table) => Object.keys(table));
    expect(tested.toSorted()).toEqual(proved.map(({ number }) => number).toSorted());
  });
});

describe('row', () => {
  let world: World;

  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
  });

  test.each<ContractRow>(proved)('$number ($verdict): $what', async ({ number }) => {
    const check = checks[number];
    if (!check) throw new Error(`nothing proves ${number}`);
    await check(world);
  });
});
