import { describe, expect, it } from '@jest/globals';
import { sealDesktopToken } from '../../src/http/desktop-otp.ts';

describe('the token for the desktop app', () => {
  it('is sealed as the vector of contract 7.2 has it', () => {
    const pad = '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f';
    const iv = Buffer.from('000102030405060708090a0b', 'hex');
    expect(sealDesktopToken('abcdefghijklmnopqrstuvwxyzABCDEF', pad, iv)).toBe(
      '000102030405060708090a0b2660b57fa083a573e42bfce7dc87171df2a4f440850d2804411da4c75e2d45f4d1519dde6ac20bc2ea3020bfd08b1df9',
    );
  });
});
