import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Certificates, testCertificates } from '../../../support/certificates.ts';
import { startLyingLdapServer } from '../../../support/lying-ldap-server.ts';
import { bindsAlone, dnOf, ldapDirectory, principalAt } from '../options.ts';
import { reasonsOf } from '../reasons.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await testCertificates();
});

describe.each(['ldaps', 'starttls'] as const)(
  'TLS by %s is refused, before any bind, where the certificate',
  (way) => {
    test.each([
      ['has signed itself', 'selfSigned', /self.signed/i],
      ['has the name as its common name alone', 'commonNameOnly', /localhost|altname/i],
    ] as const)('%s', async (_what, certificate, reason) => {
      await using server = await startLyingLdapServer({
        tls: certificates[certificate],
        onConnection: (connection) => way === 'ldaps' && connection.startTls(),
      });
      const urls = [`${way === 'ldaps' ? 'ldaps' : 'ldap'}://localhost:${server.port}`];
      await using directory = ldapDirectory({
        urls,
        startTls: way === 'starttls',
        ca: certificates.ca,
        ...bindsAlone,
      });
      expect(await reasonsOf(directory.find('alice'))).toMatch(reason);
      expect(await reasonsOf(directory.verifyPassword(principalAt(dnOf('alice')), 'alice-secret'))).toMatch(
        reason,
      );
      expect(server.connections().accepted).toBeGreaterThan(0);
      expect(server.requests().filter(({ operation }) => operation !== 'extended')).toEqual([]);
    });
  },
);
