import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { clientAddress } from '../../src/http/client-address.ts';

const PEER = '10.0.0.1';

function addressFrom(forwarded: string | undefined, trusted: readonly string[], peer = PEER): string {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const req = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
  return clientAddress(req, (address) => trusted.includes(address));
}

describe('the address of a client', () => {
  test.each<[string, string | undefined, string[], string]>([
    ['is the peer, where nothing was forwarded', undefined, [PEER], PEER],
    ['is the peer, where it is not trusted', '192.0.2.1', [], PEER],
    ['is what a trusted peer says', '192.0.2.1', [PEER], '192.0.2.1'],
    ['is the last that is not trusted', '198.51.100.9, 192.0.2.1,10.0.0.2', [PEER, '10.0.0.2'], '192.0.2.1'],
    [
      'is the farthest, where all are trusted',
      '10.0.0.3, 10.0.0.2',
      [PEER, '10.0.0.3', '10.0.0.2'],
      '10.0.0.3',
    ],
    [
      'does not jump over somebody who is not trusted',
      '10.0.0.2, 192.0.2.1',
      [PEER, '10.0.0.2'],
      '192.0.2.1',
    ],
    ['is the peer, where the header is empty', ' , ', [PEER], PEER],
    ['is without its port', '192.0.2.1:4711', [PEER], '192.0.2.1'],
    ['is without brackets and port', '[2001:db8::1]:4711', [PEER], '2001:db8::1'],
    ['is unknown, where it is none', 'unknown', [PEER], 'unknown'],
  ])('%s', (_case, forwarded, trusted, expected) => {
    expect(addressFrom(forwarded, trusted)).toBe(expected);
  });

  test('is unknown, where the peer has already gone', () => {
    const req = { socket: {}, headers: {} } as unknown as IncomingMessage;
    expect(clientAddress(req, () => false)).toBe('unknown');
  });
});
