import { Unavailable } from '../../../errors.ts';
import type { LdapConnection } from './connection.ts';
import { SERVICE_RESULTS, serverFailureOf } from './connection-failure.ts';
import { simpleBind } from './simple-bind.ts';

/** The service account, that searches are bound as: a DN and its password, or a client certificate. */
export interface ServiceAccount {
  /** `undefined`: the account of the client certificate, where there is one. */
  readonly bindDn: string | undefined;
  readonly bindPassword: string | undefined;
  readonly clientCert: string | undefined;
}

/** Whether there is a service account at all; without one nobody can be searched for. */
export function hasServiceAccount({ bindDn, bindPassword, clientCert }: ServiceAccount): boolean {
  return bindDn === undefined ? clientCert !== undefined : bindPassword !== undefined;
}

/**
 * Bind as the service account: by SASL EXTERNAL (RFC 4513, 5.2.3) where it has a certificate and no DN.
 * @throws {ConnectionFailure} the server failed
 * @throws {Unavailable} it refused the account, or there is none
 */
export async function bindAsService(connection: LdapConnection, account: ServiceAccount): Promise<void> {
  const { bindDn, bindPassword, clientCert } = account;
  try {
    if (bindDn !== undefined && bindPassword !== undefined) {
      await simpleBind(connection, bindDn, bindPassword);
    } else if (bindDn === undefined && clientCert !== undefined) {
      await connection.client.bind('EXTERNAL');
    } else {
      throw new Error('there is none');
    }
  } catch (cause) {
    const failure = connection.lossOf(cause) ?? serverFailureOf(cause, SERVICE_RESULTS);
    throw failure ?? new Unavailable('directory', 'the bind as the service account failed', cause);
  }
}
