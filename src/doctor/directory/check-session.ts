import type { Socket } from 'node:net';
import { hasServiceAccount } from '../../adapters/ldap/connection/bind-as-service.ts';
import { type LdapConnection, openConnection } from '../../adapters/ldap/connection/connection.ts';
import type { ConnectionFailure } from '../../adapters/ldap/connection/connection-failure.ts';
import { type Endpoint, nameOf } from '../../adapters/ldap/connection/endpoint.ts';
import type { LdapDirectoryOptions } from '../../adapters/ldap/ldap-directory.ts';
import { reasonOf } from '../reason.ts';
import type { Look, Place, Walk } from '../step.ts';
import { type RootDse, readRootDse } from './root-dse.ts';
import { lookAtServiceBind } from './service-bind.ts';

/** What one server was found to be. */
export interface CheckedServer {
  /** Whether the service can work with it. */
  readonly isGood: boolean;
  /** `undefined` where it could not be read. */
  readonly rootDse: RootDse | undefined;
}

/**
 * Walk through what is said over one connection, which is closed afterwards: what the server is, and the bind as the
 * service account. A server that hides its root DSE from those who are not bound is asked again after that.
 */
export async function checkSession(
  walk: Walk,
  socket: Socket,
  endpoint: Endpoint,
  options: LdapDirectoryOptions & { readonly preset: string },
): Promise<CheckedServer> {
  const place: Place = { directory: options.id, server: nameOf(endpoint) };
  const connection = openConnection(socket, options);
  try {
    let isHidden = false;
    const shown = await walk.step('root dse', place, async () => {
      const look = await lookAtRootDse(connection, options.preset);
      isHidden = look === undefined && hasServiceAccount(options);
      if (!isHidden) return look ?? HIDDEN;
      return { status: 'skipped', seen: 'not shown to those who are not bound: asked again after the bind' };
    });
    if (connection.isClosed()) {
      walk.skip('service bind', place, 'the server closed the connection');
      return { isGood: false, rootDse: shown };
    }
    const bound = await walk.step('service bind', place, () =>
      lookAtServiceBind(connection, options, endpoint),
    );
    const isGood = bound === true || !hasServiceAccount(options);
    if (!isHidden || !bound) return { isGood, rootDse: shown };
    const rootDse = await walk.step('root dse', place, async () => {
      return (await lookAtRootDse(connection, options.preset)) ?? HIDDEN;
    });
    return { isGood, rootDse };
  } finally {
    await connection.close();
  }
}

/** A server may serve all the same. */
const HIDDEN: Look<RootDse> = {
  status: 'warning',
  seen: 'not shown: what the server supports is not known, and no control is sent to it',
  fix: 'the server should let the service account read its root DSE (RFC 4512, 5.1)',
  value: { presets: [], vendor: 'unknown', namingContexts: [], supports: [] },
};

/** Read it; `undefined` where the server answers, and does not show it. */
async function lookAtRootDse(connection: LdapConnection, preset: string): Promise<Look<RootDse> | undefined> {
  try {
    return describeRootDse(await readRootDse(connection), preset);
  } catch (failure) {
    const loss = connection.lossOf(failure);
    return loss && noRootDse(loss, failure);
  }
}

function describeRootDse(rootDse: RootDse, preset: string): Look<RootDse> {
  const { vendor, namingContexts, supports, presets } = rootDse;
  const seen = `${vendor}; holds ${namingContexts.join(' and ') || 'nothing that it names'}; supports ${supports.join(', ') || 'none of StartTLS, ppolicy, whoami, paging'}`;
  if (presets.length === 0 || presets.includes(preset)) return { status: 'ok', seen, value: rootDse };
  return {
    status: 'warning',
    seen,
    value: rootDse,
    fix: `preset (LDAP_PRESET): ${presets.join(' or ')} fits this server, and it is ${preset}`,
  };
}

/** A server that hangs up or says nothing is of no use. */
function noRootDse(loss: ConnectionFailure, failure: unknown): Look<RootDse> {
  const fix =
    loss.kind === 'slow'
      ? 'operationTimeout: longer, where the server is that slow; it takes connections and does not answer'
      : 'urls (LDAP_URL): is this the port of an LDAP server? Where it is, it may demand a client certificate: clientCertFile and clientKeyFile';
  return { status: 'failed', seen: `${loss.message}: ${reasonOf(failure)}`, fix };
}
