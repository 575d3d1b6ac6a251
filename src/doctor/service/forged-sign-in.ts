import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';
import { askUrl } from './ask-url.ts';

/** The title of the page for whom a gateway vouches and who may not come in: the header was believed. */
const BELIEVED = 'You cannot sign in';

/** See whether a client can name itself to the sign-in by a gateway's header: nobody's name, so that nobody comes in. */
export async function lookAtForgedSignIn({ sso, realm }: Config): Promise<Look<true>> {
  if (sso.trustedPeers.length === 0) {
    return { status: 'skipped', seen: 'no gateway signs people in (sso.trustedPeers)' };
  }
  const headers = { [sso.userHeader]: `doctor-${randomBytes(8).toString('hex')}` };
  try {
    const { status, text } = await askUrl(`${realm.publicUrl}/accounts/login/sso/`, { headers });
    if (!text.includes(BELIEVED)) {
      return {
        status: 'ok',
        seen: `a client’s own ${sso.userHeader} is not believed (${status})`,
        value: true,
      };
    }
    return {
      status: 'failed',
      seen: `a client’s own ${sso.userHeader} is believed: anybody signs in as anybody`,
      fix: `the gateway: take ${sso.userHeader} off what clients send, and add sso.secretHeader only for those whom it has signed in`,
    };
  } catch (failure) {
    return {
      status: 'warning',
      seen: `not known: ${reasonOf(failure)}`,
      fix: `the gateway: take ${sso.userHeader} off what clients send`,
      value: true,
    };
  }
}
