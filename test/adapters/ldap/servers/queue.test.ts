import { describe, expect, test } from '@jest/globals';
import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { bindResponse } from '../../../support/ldap-message.ts';
import { answerHonestly, startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { until } from '../../../support/until.ts';
import { bindsAlone, dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

const alice = principalAt(dnOf('alice'));

/** A server that keeps binds until it is told to answer them, and a directory in front of it. */
async function startSlow(different: Partial<LdapDirectoryOptions>) {
  const kept: (() => void)[] = [];
  const server = await startLyingLdapServer({
    answer: ({ id }, connection) => kept.push(() => connection.send(bindResponse(id, 0))),
  });
  const directory = ldapDirectory({ urls: [`ldap://127.0.0.1:${server.port}`], ...bindsAlone, ...different });
  return {
    server,
    directory,
    verify: () => directory.verifyPassword(alice, 'alice-secret'),
    answer: () => kept.shift()?.(),
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe('sign-ins that wait for a bind connection', () => {
  test('are refused at once when the queue is full, and nobody else is', async () => {
    await using slow = await startSlow({ bindConnections: { size: 1, maxWaiting: 1, maxWaitMs: 60_000 } });
    const first = slow.verify();
    const second = slow.verify();
    expect(await reasonsOf(slow.verify())).toMatch(/too many/);
    for (const [index, one] of [first, second].entries()) {
      await until('its bind came', () => slow.server.binds() === index + 1);
      slow.answer();
      expect(await one).toEqual({ principal: alice });
    }
    expect(slow.server.connections().accepted).toBe(1);
  });

  test('are refused when they have waited too long, without a bind', async () => {
    await using slow = await startSlow({ bindConnections: { size: 1, maxWaiting: 9, maxWaitMs: 50 } });
    const first = slow.verify();
    expect(await reasonsOf(slow.verify())).toMatch(/within 50 ms/);
    await until('the first bind came', () => slow.server.binds() === 1);
    slow.answer();
    expect(await first).toEqual({ principal: alice });
    expect(slow.server.binds()).toBe(1);
  });
});

test('whoever waited behind a bind that got no answer is served on another connection', async () => {
  await using server = await startLyingLdapServer({
    answer: (request, connection) => {
      if (connection.number > 1) answerHonestly(request, connection);
    },
  });
  await using directory = ldapDirectory({
    urls: [`ldap://127.0.0.1:${server.port}`],
    ...bindsAlone,
    operationTimeoutMs: 1_000,
    bindConnections: { size: 1, maxWaiting: 9, maxWaitMs: 60_000 },
  });
  const first = directory.verifyPassword(alice, 'alice-secret');
  const second = directory.verifyPassword(alice, 'alice-secret');
  expect(await reasonsOf(first)).toMatch(/timed out/);
  expect(await second).toEqual({ principal: alice });
  // The one that got no answer, the probe, and the one that was asked.
  expect(server.connections().accepted).toBe(3);
});
