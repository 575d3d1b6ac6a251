/** One server of a directory: where it listens, and what protects the connection to it. */
export interface Endpoint {
  /** Host name or IP literal, without brackets. */
  readonly host: string;
  /** The name that its certificate must carry. */
  readonly certificateName: string;
  readonly port: number;
  /** `ldaps`: TLS from the first byte · `starttls`: RFC 4511, 4.14 · `none`: in clear. */
  readonly security: 'ldaps' | 'starttls' | 'none';
}

/**
 * Read an LDAP URL (RFC 4516), of which only scheme, host and port count.
 * @param tlsServerName the name that the certificate must carry; `undefined`: the host
 * @throws {TypeError} where it is no `ldap://` or `ldaps://` URL
 */
export function readEndpoint(url: string, startTls: boolean, tlsServerName?: string): Endpoint {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'ldap:' && protocol !== 'ldaps:') throw new TypeError('not an ldap:// or ldaps:// URL');
  const secure = protocol === 'ldaps:';
  const host = hostname.replace(/^\[|\]$/g, '') || 'localhost';
  return {
    host,
    certificateName: tlsServerName ?? host,
    port: Number(port) || (secure ? 636 : 389),
    security: secure ? 'ldaps' : startTls ? 'starttls' : 'none',
  };
}

/** How a server is named in the log and told apart from others. */
export function nameOf({ host, port, security }: Endpoint): string {
  return `${security === 'ldaps' ? 'ldaps' : 'ldap'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
