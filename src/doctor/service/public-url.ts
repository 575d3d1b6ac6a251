import type { Config } from '../../config/config.ts';
import type { AttemptCounter } from '../../ports/attempt-counter.ts';
import { DAYS_TO_RENEW, describeCertificate } from '../certificate.ts';
import { reasonOf } from '../reason.ts';
import type { Look, Walk } from '../step.ts';
import { askUrl, type UrlAnswer } from './ask-url.ts';
import { lookAtForgedSignIn } from './forged-sign-in.ts';
import { lookAtForwarding } from './forwarding.ts';

const SETTING = 'realm.publicUrl (LATCHKEY_PUBLIC_URL)';
/** A name that nobody has (RFC 6761, 6.4). */
const FORGED_HOST = 'forged.invalid';
const FORGERIES = ['forged host', 'forged address', 'forged sign-in'] as const;

/**
 * Walk through the public URL: whether this service answers there, and what it believes of forged headers.
 * @param attempts where the service counts; `undefined`: it cannot be looked at
 * @returns `false` where forged headers are believed; a service that does not answer there is no failure, since
 * it may not have been started
 */
export async function checkPublicUrl(
  walk: Walk,
  config: Config,
  attempts: AttemptCounter | undefined,
): Promise<boolean> {
  const { publicUrl } = config.realm;
  const answer = await walk.step('public url', {}, () => lookAtReach(publicUrl));
  if (!answer) {
    for (const name of ['this service', ...FORGERIES]) {
      walk.skip(name, {}, 'nothing answers at the public URL');
    }
    return true;
  }
  const isOurs = await walk.step('this service', {}, () => lookAtSettings(config));
  if (!isOurs) {
    for (const name of FORGERIES) walk.skip(name, {}, 'another service answers');
    return true;
  }
  return walk.noneFails(async () => {
    await walk.step('forged host', {}, () => lookAtForgedHost(publicUrl));
    await walk.step('forged address', {}, () => lookAtForwarding(config, attempts));
    await walk.step('forged sign-in', {}, () => lookAtForgedSignIn(config));
  });
}

/** A warning where nothing answers: a value would say that it did. */
async function lookAtReach(publicUrl: string): Promise<Look<UrlAnswer | undefined>> {
  const notThere = (seen: string): Look<undefined> => ({
    status: 'warning',
    seen,
    fix: `${SETTING}: the URL that clients use; start the service, or look at the gateway before it`,
    value: undefined,
  });
  try {
    const answer = await askUrl(`${publicUrl}/healthz`);
    if (answer.status !== 200) return notThere(`${publicUrl}/healthz answers with ${answer.status}`);
    const { certificate } = answer;
    const seen = `${publicUrl}/healthz answers${certificate ? `; ${describeCertificate(certificate)}` : ''}`;
    return certificate && certificate.daysLeft < DAYS_TO_RENEW
      ? { status: 'warning', seen, fix: 'renew the certificate of the gateway', value: answer }
      : { status: 'ok', seen, value: answer };
  } catch (failure) {
    return notThere(`${publicUrl}/healthz: ${reasonOf(failure)}`);
  }
}

/** Whether what clients are told there is what these settings say. */
async function lookAtSettings({ realm, zulip }: Config): Promise<Look<boolean>> {
  const url = `${realm.publicUrl}/api/v1/server_settings`;
  const fix = `${SETTING}: is another service there, or this one with other settings? Give both the same`;
  try {
    const { status, text } = await askUrl(url);
    const told = parse(text);
    const wanted = {
      realm_url: realm.publicUrl,
      realm_name: realm.name,
      zulip_feature_level: zulip.featureLevel,
    };
    const other = Object.entries(wanted).find(([name, value]) => told[name] !== value);
    if (status === 200 && !other) return { status: 'ok', seen: `${url} tells these settings`, value: true };
    const what =
      other && status === 200 ? `${other[0]} is ${JSON.stringify(told[other[0]])}` : `status ${status}`;
    return { status: 'warning', seen: `${url}: ${what}`, fix, value: false };
  } catch (failure) {
    return { status: 'warning', seen: `${url}: ${reasonOf(failure)}`, fix, value: false };
  }
}

/** Whether anything that the service says about itself follows what a client claims to have asked. */
async function lookAtForgedHost(publicUrl: string): Promise<Look<true>> {
  const headers = {
    'x-forwarded-host': FORGED_HOST,
    'x-forwarded-proto': 'gopher',
    forwarded: `host=${FORGED_HOST}`,
  };
  try {
    const { text } = await askUrl(`${publicUrl}/api/v1/server_settings`, { headers });
    const isBelieved = text.includes(FORGED_HOST) || text.includes('gopher:');
    return isBelieved
      ? {
          status: 'failed',
          seen: 'X-Forwarded-Host or -Proto of a client shows in server_settings',
          fix: 'the gateway: set X-Forwarded-Host and X-Forwarded-Proto itself, whatever the client sends',
        }
      : {
          status: 'ok',
          seen: 'X-Forwarded-Host, X-Forwarded-Proto and Forwarded of a client change nothing',
          value: true,
        };
  } catch (failure) {
    return {
      status: 'warning',
      seen: reasonOf(failure),
      fix: 'the gateway refuses forged headers, or the service went away',
      value: true,
    };
  }
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
