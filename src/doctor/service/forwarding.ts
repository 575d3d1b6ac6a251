import { randomBytes } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { countedNetworks, keyOfAddress } from '../../http/rate-limit.ts';
import { createPeerTest } from '../../http/vouched-name.ts';
import type { AttemptCounter, Budget } from '../../ports/attempt-counter.ts';
import { reasonOf } from '../reason.ts';
import type { Look } from '../step.ts';
import { askUrl } from './ask-url.ts';

/** Nobody's (RFC 5737, 3). */
const FORGED_ADDRESS = '203.0.113.7';
/** Where a gateway beside the service comes from. */
const LOOPBACK = ['127.0.0.1', '::1'];
const SETTING = 'http.trustProxy (TRUST_PROXY)';

/**
 * See which client address the service takes: send a sign-in that fails before any directory is asked, with a forged
 * `X-Forwarded-For`, and look whose budget of failed sign-ins it was counted on. What was counted is given back.
 * @param attempts where the service counts; `undefined`: in itself, where nobody can look
 */
export async function lookAtForwarding(
  config: Config,
  attempts: AttemptCounter | undefined,
): Promise<Look<true>> {
  if (!attempts) {
    return {
      status: 'skipped',
      seen: `not checked without Redis; by hand: curl -H 'X-Forwarded-For: ${FORGED_ADDRESS}' ${config.realm.publicUrl}/healthz, and the log must warn of an ignored header or name no such address`,
    };
  }
  try {
    const { attempts: limit, window } = config.limits.perAddress;
    const counted = await attempt(config.realm.publicUrl, attempts, { attempts: limit, windowMs: window });
    return judge(config, counted);
  } catch (failure) {
    return {
      status: 'warning',
      seen: `not known: ${reasonOf(failure)}`,
      fix: `${SETTING}: the addresses of the gateway, and of nobody else`,
      value: true,
    };
  }
}

interface Counted {
  /** The address that the attempt was counted for; `undefined`: none of those looked at. */
  readonly address: string | undefined;
  /** From where it was sent, as its peer saw it where nothing is in between. */
  readonly own: string;
  /** Where it was sent. */
  readonly gateway: string;
}

async function attempt(publicUrl: string, attempts: AttemptCounter, budget: Budget): Promise<Counted> {
  const { localAddress, remoteAddress } = await askUrl(`${publicUrl}/healthz`);
  const [own, gateway] = [plain(localAddress), plain(remoteAddress)];
  const addresses = [...new Set([FORGED_ADDRESS, own, gateway, ...LOOPBACK])];
  const usedBy = async (address: string) =>
    (await attempts.show(countedNetworks(keyOfAddress(address))[0].key, budget)).strangers.used;
  const before = await Promise.all(addresses.map(usedBy));
  // A blank password reaches no directory, and a name of its own shares nobody's budget.
  const form = new URLSearchParams({
    username: `doctor-${randomBytes(8).toString('hex')}@doctor.invalid`,
    password: ' ',
  });
  const { status } = await askUrl(`${publicUrl}/api/v1/fetch_api_key`, {
    method: 'POST',
    headers: { 'x-forwarded-for': FORGED_ADDRESS },
    form,
  });
  if (status !== 401) throw new Error(`a sign-in that must fail was answered with ${status}`);
  const after = await Promise.all(addresses.map(usedBy));
  const address = addresses.find((_, at) => (after[at] ?? 0) > (before[at] ?? 0));
  if (address !== undefined)
    await Promise.all(countedNetworks(keyOfAddress(address)).map(({ key }) => attempts.release(key)));
  return { address, own, gateway };
}

function judge({ http }: Config, counted: Counted): Look<true> {
  const { address, own, gateway } = counted;
  if (address === FORGED_ADDRESS) return judgeBelieved(http.trustProxy, counted);
  if (address === own) {
    const note =
      own === gateway ? ' (this machine itself: run it from another to see what a gateway adds)' : '';
    return {
      status: 'ok',
      seen: `the forged address is not believed, and ours arrives: ${own}${note}`,
      value: true,
    };
  }
  if (address !== undefined) {
    return {
      status: 'failed',
      seen: `the service takes ${address} for the client, where we are ${own}: everybody behind the gateway is one address`,
      fix: `${SETTING}: ${address}, and let the gateway send X-Forwarded-For`,
    };
  }
  return {
    status: 'warning',
    seen: `the forged address is not believed; whether ours (${own}) arrives is not known, as something between may change it`,
    fix: `${SETTING}: the addresses of the gateway; the log warns of a forwarding header that is ignored`,
    value: true,
  };
}

/** The forged address was believed: by the settings, where they trust whoever comes from here, or for anybody. */
function judgeBelieved(trustProxy: Config['http']['trustProxy'], { own, gateway }: Counted): Look<true> {
  const seen = `X-Forwarded-For: ${FORGED_ADDRESS} was believed`;
  if (own === gateway && createPeerTest(trustProxy)(own)) {
    return {
      status: 'warning',
      seen: `${seen}, as this machine (${own}) is a trusted proxy`,
      fix: `run doctor from a machine that ${SETTING} does not name, to see what a client’s header does`,
      value: true,
    };
  }
  return {
    status: 'failed',
    seen: `${seen}: whoever forges it has a budget of their own for each guess`,
    fix: `${SETTING}: the gateway’s own addresses and no more; and the gateway must add the client’s address behind the header, or set it anew (nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for)`,
  };
}

/** IPv4 in IPv6 (RFC 4291, 2.5.5.2) as what it is. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
