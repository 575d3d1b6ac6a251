import { isIP } from 'node:net';

/** Whether a host name or address, without brackets, is this machine and no other. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** Whether a URL leads to this machine and no other. @throws {TypeError} where it is no URL */
export function isLoopbackUrl(url: string): boolean {
  return isLoopbackHost(new URL(url).hostname.replace(/^\[|\]$/g, ''));
}
