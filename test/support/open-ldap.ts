import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLIENT_SUBJECT, openLdapCertificates } from './certificates.ts';
import { startContainer } from './container-part.ts';
import { freePort } from './free-port.ts';
import type { Part } from './part.ts';
import { type PartsMode, partsMode } from './parts.ts';
import { passwordPolicies } from './password-policies.ts';
import { testPeople } from './people.ts';
import { startProcess } from './process-part.ts';
import { inRepository } from './repository.ts';

const serviceDn = 'cn=latchkey,ou=services,dc=example,dc=org';

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
  /** The files, on this machine, with the client's certificate and key (PEM). Only `verifyClient` makes them. */
  readonly clientCertFile: string;
  readonly clientKeyFile: string;
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
  /** The text of LDIF with change types, loaded through the running server: what overlays are to see. */
  laterLdif?: string;
  /** Lines for the global part of slapd.conf, e.g. `idletimeout 1`. */
  extra?: string;
  /**
   * Whether it has the overlays ppolicy, memberof and refint, and, unless `ldif` says otherwise, the people of
   * policies.ldif and the groups of policies-groups.ldif.
   */
  policies?: boolean;
  /** Whether it tells that somebody is locked (ppolicy_use_lockout); only with `policies`. */
  useLockout?: boolean;
  /**
   * Whether clients must (`demand`) or may (`allow`) show a certificate (TLSVerifyClient of slapd.conf(5)). Then there
   * is one for them, and a SASL bind EXTERNAL with it is one as the service account.
   */
  verifyClient?: 'demand' | 'allow';
  /** Whether its CA has signed for it alone: as a process it has that of the run otherwise. */
  ownCa?: boolean;
  /** Where to run it; without it, where `partsMode` says. */
  mode?: PartsMode;
};

type Ports = { port: number; tlsPort: number };
type Content = {
  ldif: string;
  laterLdif: string;
  env: Record<string, string>;
  certificates: string[];
  certsFrom: string | undefined;
};

async function startInContainer(dir: string, { port, tlsPort }: Ports, content: Content): Promise<Part> {
  await using starting = new AsyncDisposableStack();
  const part = starting.use(
    await startContainer({
      image: 'openldap',
      ports: [
        { container: 389, host: port },
        { container: 636, host: tlsPort },
      ],
      env: { ...content.env, ...(content.laterLdif && { LATER_LDIF: '/seed/later.ldif' }) },
      files: [
        { target: '/seed/people.ldif', content: content.ldif },
        { target: '/seed/later.ldif', content: content.laterLdif },
      ],
      ready: /^READY$/m,
    }),
  );
  await mkdir(join(dir, 'certs'));
  for (const file of content.certificates) {
    await writeFile(join(dir, 'certs', file), await part.exec(['cat', `/srv/openldap/certs/${file}`]));
  }
  starting.move();
  return part;
}

async function startAsProcess(dir: string, { port, tlsPort }: Ports, content: Content): Promise<Part> {
  const [seed, later] = [join(dir, 'seed.ldif'), join(dir, 'later-seed.ldif')];
  await writeFile(seed, content.ldif);
  await writeFile(later, content.laterLdif);
  return startProcess({
    name: 'OpenLDAP (slapd)',
    command: 'sh',
    args: [inRepository('test/containers/openldap/serve.sh'), dir, String(port), String(tlsPort), seed],
    env: {
      ...content.env,
      ...(content.laterLdif && { LATER_LDIF: later }),
      ...(content.certsFrom && { CERTS_FROM: content.certsFrom }),
    },
    ready: /^READY$/m,
  });
}

const lines = (...parts: (string | undefined)[]) => parts.filter((part) => part !== undefined).join('\n');

async function contentOf(options: OpenLdapOptions): Promise<Content> {
  const policies = options.policies ? await passwordPolicies(options.useLockout ?? false) : undefined;
  const verifying =
    options.verifyClient &&
    `TLSVerifyClient ${options.verifyClient}
authz-regexp "^cn=latchkey,o=example$" "${serviceDn}"`;
  return {
    ldif: options.ldif ?? policies?.ldif ?? (await testPeople()),
    laterLdif: options.laterLdif ?? (options.ldif === undefined ? (policies?.laterLdif ?? '') : ''),
    env: {
      SLAPD_EXTRA: lines(policies?.extra, verifying, options.extra),
      SLAPD_OVERLAYS: policies?.overlays ?? '',
      ...(verifying && { CLIENT_SUBJECT }),
    },
    certsFrom: options.ownCa ? undefined : openLdapCertificates(),
    certificates: verifying ? ['ca.crt', 'client.crt', 'client.key'] : ['ca.crt'],
  };
}

/** Starts an OpenLDAP of its own on free ports. Throws, with the server's words, when it does not come up. */
export async function startOpenLdap(options: OpenLdapOptions = {}): Promise<OpenLdap> {
  const mode = options.mode ?? (await partsMode());
  const content = await contentOf(options);
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
    caFile: join(dir, 'certs/ca.crt'),
    clientCertFile: join(dir, 'certs/client.crt'),
    clientKeyFile: join(dir, 'certs/client.key'),
    baseDn: 'dc=example,dc=org',
    adminDn: 'cn=admin,dc=example,dc=org',
    adminPassword: 'admin-secret',
    serviceDn,
    servicePassword: 'latchkey-secret',
    async [Symbol.asyncDispose]() {
      await part[Symbol.asyncDispose]();
      await removeDir();
    },
  };
}
