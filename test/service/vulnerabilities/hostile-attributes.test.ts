import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { searchDone, searchEntry } from '../../support/ldap-message.ts';
import {
  answerHonestly,
  honestEntry,
  type LyingLdapServer,
  startLyingLdapServer,
} from '../../support/lying-ldap-server.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { ampleLimits } from '../ample-limits.ts';
import { signIn, verify } from '../stack.ts';
import { startOver } from './over-ldap.ts';

type Attributes = Record<string, string[]>;

const usual: Attributes = { ...honestEntry.attributes, mail: ['alice@example.org'] };

describe('an entry whose attributes are hostile', () => {
  let attributes: Attributes;
  let server: LyingLdapServer;
  let service: ServiceProcess;
  beforeAll(async () => {
    server = await startLyingLdapServer({
      answer(request, connection) {
        if (request.operation !== 'search' || request.dn === '') return answerHonestly(request, connection);
        connection.send(searchEntry(request.id, honestEntry.dn, attributes), searchDone(request.id, 0));
      },
    });
    service = await startOver({
      env: { LDAP_URL: `ldap://127.0.0.1:${server.port}` },
      settings: { limits: ampleLimits },
    });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  /** What gateways are told of the person, who has these attributes now. */
  const identity = async (different: Attributes) => {
    attributes = { ...usual, ...different };
    const { apiKey, status } = await signIn(service.url, 'alice', 'secret');
    if (status !== 200) return { status };
    const verified = await verify(service.url, apiKey);
    return { status: verified.status, headers: verified.headers };
  };

  test.each<[attribute: string, header: string]>([
    ['cn', 'remote-name'],
    ['uid', 'remote-user'],
    ['mail', 'remote-email'],
  ])('puts no header of its own into an answer by a line break in %s', async (attribute, header) => {
    const { status, headers } = await identity({
      [attribute]: ['alice@example.org\r\nX-Injected: yes\r\nRemote-User: root\r\n\r\n<html>'],
    });
    expect(status).toBe(200);
    expect(headers?.get('x-injected')).toBeNull();
    expect(headers?.get(header)).toMatch(/^alice@example\.org%0D%0AX-Injected: yes/);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'is an entry like any other where an attribute is called %s',
    async (name) => {
      const entry: Attributes = Object.create(null);
      Object.defineProperty(entry, name, { value: ['x'], enumerable: true });
      expect((await identity(entry)).status).toBe(200);
    },
  );

  test('is refused, and harms nobody after, where it is larger than any message may be', async () => {
    attributes = { ...usual, cn: ['x'.repeat(2 * 1024 * 1024)] };
    expect((await signIn(service.url, 'alice', 'secret')).status).toBe(503);
    expect((await identity({})).status).toBe(200);
  });

  test.each<[attribute: string, status: number]>([
    ['cn', 200],
    ['mail', 401],
    ['uid', 503],
  ])('gives gateways no header that they would choke on, by %s', async (attribute, status) => {
    const told = await identity({ [attribute]: [`${'x'.repeat(100_000)}@example.org`] });
    expect(told.status).toBe(status);
    for (const [, value] of told.headers ?? []) expect(value.length).toBeLessThan(1_000);
  });
});
