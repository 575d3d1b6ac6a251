import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { searchDone } from '../../support/ldap-message.ts';
import {
  answerHonestly,
  type LyingLdapServer,
  startLyingLdapServer,
} from '../../support/lying-ldap-server.ts';
import { type OpenLdap, startOpenLdap } from '../../support/open-ldap.ts';
import type { ServiceProcess } from '../../support/service-process.ts';
import { startTlsRelay, type TlsRelay } from '../../support/tls-relay.ts';
import { ampleLimits } from '../ample-limits.ts';
import { signIn } from '../stack.ts';
import { SERVICE_DN, startOver } from './over-ldap.ts';

const words = [
  'EXTERNAL',
  'PLAIN',
  'DIGEST-MD5',
  'SCRAM-SHA-1',
  'external',
  ' EXTERNAL ',
  'GSSAPI',
  'ANONYMOUS',
];
const passwords = ['', `dn:${SERVICE_DN}`, 'u:latchkey', '\0latchkey\0latchkey-secret', 'latchkey-secret'];
const pairs = words.flatMap((word) => passwords.map((password): [string, string] => [word, password]));

describe('a username that names a SASL mechanism, where the service account is a client certificate', () => {
  let certified: OpenLdap;
  let server: LyingLdapServer;
  let relay: TlsRelay;
  let service: ServiceProcess;
  /** Whether a search finds somebody, whoever is looked for. */
  let finds = true;

  beforeAll(async () => {
    certified = await startOpenLdap({ verifyClient: 'allow' });
    server = await startLyingLdapServer({
      answer(request, connection) {
        const isVain = request.operation === 'search' && request.dn !== '' && !finds;
        if (isVain) connection.send(searchDone(request.id, 0));
        else answerHonestly(request, connection);
      },
    });
    relay = await startTlsRelay(server);
    service = await startOver({
      env: {
        LDAP_URL: `ldaps://localhost:${relay.port}`,
        LDAP_CA_FILE: relay.caFile,
        LDAP_EMAIL_DOMAIN: 'example.org',
        LDAP_BIND_DN: '',
        LDAP_BIND_PASSWORD: '',
      },
      settings: {
        directory: { clientCertFile: certified.clientCertFile, clientKeyFile: certified.clientKeyFile },
        limits: ampleLimits,
      },
    });
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
    await relay?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
    await certified?.[Symbol.asyncDispose]();
  });

  /** The binds of this test, and whether each came on a connection that showed the certificate. */
  const binds = () =>
    relay
      .requests()
      .flatMap(({ operation, authentication, isCertified }) =>
        operation === 'bind' ? [{ authentication, isCertified }] : [],
      );

  test('leaves the service its own bind, over its certificate', async () => {
    expect((await signIn(service.url, 'alice', 'secret')).status).toBe(200);
    expect(binds()).toContainEqual({ authentication: 'sasl', isCertified: true });
    expect(binds()).toContainEqual({ authentication: 'simple', isCertified: false });
  });

  test.each(pairs)(
    'is no bind but a simple one without the certificate, if it is somebody’s: %j, %j',
    async (...pair) => {
      finds = true;
      relay.forget();
      const { status } = await signIn(service.url, ...pair);
      const isAsked = pair[1] !== '' && !pair[1].includes('\0');
      expect(status).toBe(isAsked ? 200 : 401);
      expect(binds()).toEqual(isAsked ? [{ authentication: 'simple', isCertified: false }] : []);
    },
  );

  test.each(pairs)('is no bind at all, if it is nobody’s: %j, %j', async (...pair) => {
    finds = false;
    relay.forget();
    expect((await signIn(service.url, ...pair)).status).toBe(401);
    expect(binds()).toEqual([]);
  });
});
