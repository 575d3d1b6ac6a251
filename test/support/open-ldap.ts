import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startContainer } from './container-part.ts';
import { freePort } from './free-port.ts';
import type { Part } from './part.ts';
import { type PartsMode, partsMode } from './parts.ts';
import { testPeople } from './people.ts';
import { startProcess } from './process-part.ts';
import { inRepository } from './repository.ts';

/** A running OpenLDAP that serves dc=example,dc=org. */
export type OpenLdap = Part & {
  readonly host: string;
  /** The port of ldap:// (StartTLS). */
  readonly port: number;
  /** The port of ldaps://. */
  readonly tlsPort: number;
  /** ldap://127.0.0.1:port */
  readonly url: string;
  /** ldaps://localhost:tlsPort. The certificate is for localhost, 127.0.0.1 and ::1. */
  readonly tlsUrl: string;
  /** The file, on this machine, with the certificate of the CA (PEM). */
  readonly caFile: string;
  readonly baseDn: string;
  readonly adminDn: string;
  readonly adminPassword: string;
  /** The service account: may read everything but userPassword. */
  readonly serviceDn: string;
  readonly servicePassword: string;
};

/** What may differ from a plain OpenLDAP with the people of people.ldif. */
export type OpenLdapOptions = {
  /** The text of the LDIF to begin with. It has the whole tree, the service account included. */
  ldif?: string;
  /** Lines for the global part of slapd.conf, e.g. `idletimeout 1`. */
  extra?: string;
  /** Where to run it; without it, where `partsMode` says. */
  mode?: PartsMode;
};

type Ports = { port: number; tlsPort: number };
type Content = { ldif: string; extra: string };

async function startInContainer(
  dir: string,
  { port, tlsPort }: Ports,
  { ldif, extra }: Content,
): Promise<Part> {
  const part = await startContainer({
    image: 'openldap',
    ports: [
      { container: 389, host: port },
      { container: 636, host: tlsPort },
    ],
    env: { SLAPD_EXTRA: extra },
    files: [{ target: '/seed/people.ldif', content: ldif }],
    ready: /^READY$/m,
  });
  await writeFile(join(dir, 'certs-ca.crt'), await part.exec(['cat', '/certs/ca.crt']));
  return part;
}

async function startAsProcess(
  dir: string,
  { port, tlsPort }: Ports,
  { ldif, extra }: Content,
): Promise<Part> {
  const seed = join(dir, 'seed.ldif');
  await writeFile(seed, ldif);
  return startProcess({
    command: 'sh',
    args: [inRepository('test/containers/openldap/serve.sh'), dir, String(port), String(tlsPort), seed],
    env: { SLAPD_EXTRA: extra },
    ready: /^READY$/m,
  });
}

/** Starts an OpenLDAP of its own on free ports. Throws, with the server's words, when it does not come up. */
export async function startOpenLdap(options: OpenLdapOptions = {}): Promise<OpenLdap> {
  const mode = options.mode ?? (await partsMode());
  const content = { ldif: options.ldif ?? (await testPeople()), extra: options.extra ?? '' };
  const ports = { port: await freePort(), tlsPort: await freePort() };
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-openldap-'));
  const removeDir = () => rm(dir, { recursive: true, force: true });
  const start = mode === 'container' ? startInContainer : startAsProcess;
  const part = await start(dir, ports, content).catch(async (error: unknown) => {
    await removeDir();
    throw error;
  });

  return {
    ...part,
    ...ports,
    host: '127.0.0.1',
    url: `ldap://127.0.0.1:${ports.port}`,
    tlsUrl: `ldaps://localhost:${ports.tlsPort}`,
    caFile: join(dir, mode === 'container' ? 'certs-ca.crt' : 'certs/ca.crt'),
    baseDn: 'dc=example,dc=org',
    adminDn: 'cn=admin,dc=example,dc=org',
    adminPassword: 'admin-secret',
    serviceDn: 'cn=latchkey,ou=services,dc=example,dc=org',
    servicePassword: 'latchkey-secret',
    async [Symbol.asyncDispose]() {
      await part[Symbol.asyncDispose]();
      await removeDir();
    },
  };
}
