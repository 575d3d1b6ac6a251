import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ServiceProcess } from '../support/service-process.ts';
import { startReadyService } from './ready-service.ts';
import { type Stack, signIn, startStack, verify } from './stack.ts';
import { yamlFile } from './yaml-file.ts';

describe('two directories behind LDAP that know the same login names', () => {
  let stack: Stack;
  let service: ServiceProcess;

  beforeAll(async () => {
    stack = await startStack();
    const settings = {
      redis: { url: stack.env['REDIS_URL'] },
      directory: stack.directory,
      directories: [
        { id: 'corp', emailDomains: ['Example.org'] },
        { id: 'labs', emailDomain: 'labs.example', emailDomains: ['labs.example'] },
      ],
    };
    service = await startReadyService({
      LATCHKEY_SECRET: stack.env['LATCHKEY_SECRET'] ?? '',
      LATCHKEY_CONFIG: yamlFile(JSON.stringify(settings)),
    });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });

  test('let nobody in by the login name', async () => {
    expect(await signIn(service.url, 'bob', 'bob-secret')).toMatchObject({ status: 401 });
  });

  test('let each in by the email, as somebody of that directory', async () => {
    const corp = await signIn(service.url, 'bob@example.org', 'bob-secret');
    const labs = await signIn(service.url, 'BOB@labs.EXAMPLE', 'bob-secret');
    expect([corp.status, labs.status]).toEqual([200, 200]);
    expect(corp.userId).not.toBe(labs.userId);
    const identities = [corp, labs].map(async ({ apiKey }) => {
      const { headers } = await verify(service.url, apiKey);
      return [headers.get('remote-user'), headers.get('remote-email')];
    });
    expect(await Promise.all(identities)).toEqual([
      ['bob@corp', 'bob@example.org'],
      ['bob@labs', 'bob@labs.example'],
    ]);
  });
});
