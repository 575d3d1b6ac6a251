import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { readForm } from '../../src/http/read-form.ts';
import { readOtp } from '../../src/http/read-otp.ts';

const pad = '0123456789abcdefABCDEF'.padEnd(64, '0');
const read = async (query: string) =>
  readOtp(await readForm({ headers: {}, url: `/?${query}` } as IncomingMessage));

describe('the pad of an app', () => {
  it.each(['mobile_flow_otp', 'desktop_flow_otp'] as const)(
    'is 64 hex digits of either case (%s)',
    async (flow) => {
      expect(await read(`${flow}=${pad}`)).toEqual({ flow, pad });
    },
  );

  it('is not there where a person comes by themselves', async () => {
    expect(await read('next=/')).toBeUndefined();
  });

  it.each(['', 'x', pad.slice(1), `${pad}0`, `g${pad.slice(1)}`, `${pad}%0a`, `%20${pad.slice(1)}`])(
    'is refused as %j',
    async (value) => {
      await expect(read(`mobile_flow_otp=${value}`)).rejects.toMatchObject({
        status: 400,
        message: 'Invalid OTP',
        code: 'BAD_REQUEST',
      });
    },
  );

  it('is refused for both flows at once; where either is malformed, for that', async () => {
    await expect(read(`mobile_flow_otp=${pad}&desktop_flow_otp=${pad}`)).rejects.toMatchObject({
      status: 400,
      message: "Can't use both mobile_flow_otp and desktop_flow_otp together.",
      code: 'BAD_REQUEST',
    });
    await expect(read(`mobile_flow_otp=${pad}&desktop_flow_otp=x`)).rejects.toThrow('Invalid OTP');
  });
});
