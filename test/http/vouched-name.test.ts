import { describe, expect, it } from '@jest/globals';
import type { Request } from 'express';
import { createReadVouchedName, type GatewayTrust } from '../../src/http/vouched-name.ts';

const trust: GatewayTrust = {
  trustedPeers: ['loopback'],
  secret: 'the secret of the gateway',
  secretHeader: 'x-latchkey-sso-secret',
  userHeader: 'remote-user',
};

/** What the name is of a request from `peer` with these headers, each as often as it has values. */
function nameFrom(
  peer: string | undefined,
  headers: Readonly<Record<string, readonly string[]>> = {},
  trustedPeers: readonly string[] = trust.trustedPeers,
): string | undefined {
  const headersDistinct = {
    'x-latchkey-sso-secret': [trust.secret],
    'remote-user': ['hamlet'],
    ...headers,
  };
  const req = { socket: { remoteAddress: peer }, headersDistinct } as unknown as Request;
  return createReadVouchedName({ ...trust, trustedPeers })(req);
}

describe('the name that a gateway vouches for', () => {
  it.each([
    ['loopback', '127.0.0.1'],
    ['loopback', '127.9.9.9'],
    ['loopback', '::1'],
    ['loopback', '::ffff:127.0.0.1'],
    ['10.0.0.0/8', '10.255.0.1'],
    ['10.0.0.0/8', '::ffff:10.1.2.3'],
    ['192.0.2.7', '192.0.2.7'],
    ['2001:db8::/32', '2001:db8:ffff::1'],
    ['fe80::/10', 'fe80::1%eth0'],
  ])('is believed where %s is trusted and %s asks', (trusted, peer) => {
    expect(nameFrom(peer, {}, ['198.51.100.1', trusted])).toBe('hamlet');
  });

  it.each([
    ['loopback', '128.0.0.1'],
    ['loopback', '::2'],
    ['loopback', '::ffff:10.0.0.1'],
    ['10.0.0.0/8', '11.0.0.1'],
    ['192.0.2.7', '192.0.2.8'],
    ['2001:db8::/32', '2001:db9::1'],
    ['0.0.0.0/0', 'nonsense'],
    ['0.0.0.0/0', undefined],
  ])('is not where %s is trusted and %s asks', (trusted, peer) => {
    expect(nameFrom(peer, {}, [trusted])).toBeUndefined();
  });

  it.each<[string, Readonly<Record<string, readonly string[]>>]>([
    ['no secret', { 'x-latchkey-sso-secret': [] }],
    ['an empty secret', { 'x-latchkey-sso-secret': [''] }],
    ['another secret', { 'x-latchkey-sso-secret': ['the secret of a gateway'] }],
    ['the beginning of the secret', { 'x-latchkey-sso-secret': ['the secret'] }],
    ['the secret twice', { 'x-latchkey-sso-secret': [trust.secret, trust.secret] }],
    ['a wrong secret first', { 'x-latchkey-sso-secret': ['guess', trust.secret] }],
    ['no user', { 'remote-user': [] }],
    ['an empty user', { 'remote-user': [''] }],
    ['a blank user', { 'remote-user': [' \t'] }],
    ['two users', { 'remote-user': ['hamlet', 'ophelia'] }],
    ['the user twice', { 'remote-user': ['hamlet', 'hamlet'] }],
    ['a user that is no UTF-8', { 'remote-user': ['zo\xeb'] }],
  ])('is not believed with %s', (_case, headers) => {
    expect(nameFrom('127.0.0.1', headers)).toBeUndefined();
  });

  it('is UTF-8', () => {
    const onTheWire = Buffer.from('zoë').toString('latin1');
    expect(nameFrom('127.0.0.1', { 'remote-user': [onTheWire] })).toBe('zoë');
  });
});
