import type { Form } from './read-form.ts';
import { RequestError } from './request-error.ts';

/** What an app sent along with the browser that it opened, so that it alone can read what comes back (contract 7). */
export interface Otp {
  readonly flow: 'mobile_flow_otp' | 'desktop_flow_otp';
  /** 64 hex digits of either case. */
  readonly pad: string;
}

const FLOWS = ['mobile_flow_otp', 'desktop_flow_otp'] as const;
const PAD = /^[0-9a-f]{64}$/i;

/**
 * The one-time pad of a request; `undefined`: a person came by themselves, and no app waits.
 * @throws {RequestError} Zulip's 400 where a pad is malformed, or both are there
 */
export function readOtp(form: Form): Otp | undefined {
  const sent = FLOWS.flatMap((flow) => {
    const pad = form.optional(flow);
    return pad === undefined ? [] : [{ flow, pad }];
  });
  if (sent.some(({ pad }) => !PAD.test(pad))) throw new RequestError(400, 'Invalid OTP');
  if (sent.length > 1) {
    throw new RequestError(400, "Can't use both mobile_flow_otp and desktop_flow_otp together.");
  }
  return sent[0];
}
