import type { Endpoint } from '../../adapters/ldap/connection/endpoint.ts';
import type { Certificate } from '../certificate.ts';
import { errorNameOf, reasonOf } from '../reason.ts';

/** OpenSSL's words for a chain that ends at nobody who is trusted. */
const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

/**
 * What to change where TLS with a server failed.
 * @param shown the server's certificate as it shows it, believed or not
 */
export function tlsFix(failure: unknown, endpoint: Endpoint, shown: Certificate | undefined): string {
  const name = errorNameOf(failure) ?? '';
  if (name === 'ERR_TLS_CERT_ALTNAME_INVALID') return wrongNameFix(endpoint, shown);
  if (UNTRUSTED.has(name)) {
    const root = shown?.issuers.at(-1) ?? 'the CA that signed it';
    return `caFile (LDAP_CA_FILE): the PEM file of the CA that signed it, here ${root}`;
  }
  if (name === 'CERT_HAS_EXPIRED') {
    return `renew the certificate on ${endpoint.host}: no setting makes an expired one good`;
  }
  if (name === 'CERT_NOT_YET_VALID') return `the clock of this machine, or of ${endpoint.host}: one is wrong`;
  if (endpoint.security === 'starttls') return startTlsFix(endpoint, failure);
  return `urls (LDAP_URL): is port ${endpoint.port} one of ldaps://? Otherwise ldap://${endpoint.host}:389 with startTls (LDAP_STARTTLS=true); TLS 1.2 is the least that is spoken`;
}

function wrongNameFix({ host, certificateName }: Endpoint, shown: Certificate | undefined): string {
  if (shown?.names.length === 0) {
    return `give ${host} a certificate with a subjectAltName: the common name of its own counts for nothing`;
  }
  const suggested = shown?.names.find((one) => !one.startsWith('*')) ?? 'a name in the certificate';
  const names = shown ? shown.names.join(', ') : 'other names';
  const set = certificateName === host ? '' : ` (it is ${certificateName} now)`;
  return `tlsServerName: ${suggested}${set}, or that name in urls (LDAP_URL): the certificate is for ${names}`;
}

function startTlsFix({ host, port }: Endpoint, failure: unknown): string {
  const refused = /result code (\d+)/.exec(reasonOf(failure))?.[1];
  return refused === undefined
    ? `urls (LDAP_URL): is port ${port} one of ldap://? Otherwise ldaps://${host}:636 and startTls (LDAP_STARTTLS) false`
    : `urls (LDAP_URL): ldaps://${host}:636 and startTls (LDAP_STARTTLS) false, or give the server a certificate: it has no StartTLS (result ${refused})`;
}
