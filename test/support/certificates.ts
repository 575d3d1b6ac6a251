import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inRepository } from './repository.ts';

/** A certificate and its key, both PEM. */
export type Certificate = { readonly cert: string; readonly key: string };

/** A CA, and what it has signed. */
export type Certificates = {
  /** PEM of the CA. */
  readonly ca: string;
  /** PEM of a CA that has signed none of these. */
  readonly strangerCa: string;
  /** For localhost, 127.0.0.1 and ::1. */
  readonly good: Certificate;
  /** The same, but its last day is over. */
  readonly expired: Certificate;
  /** For localhost by name, for no address. */
  readonly nameOnly: Certificate;
  /** For localhost in the common name of its subject, and in no subjectAltName. */
  readonly commonNameOnly: Certificate;
  /** For the same as `good`, signed by no CA but by its own key. */
  readonly selfSigned: Certificate;
};

const config = `[req]
distinguished_name = dn
prompt = no
[dn]
[ca]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
[every]
subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1
[name]
subjectAltName = DNS:localhost
[none]
basicConstraints = CA:FALSE
`;

/** The subject of the certificate that an OpenLDAP takes for the service account. */
export const CLIENT_SUBJECT = '/O=Example/CN=latchkey';

/**
 * Makes what `testCertificates` and `openLdapCertificates` give from then on. Once a run, before any test, in the
 * process that starts them; they go when it ends. Throws where there is no openssl.
 */
export async function makeRunCertificates(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-run-'));
  process.once('exit', () => rmSync(folder, { recursive: true }));
  const ofOpenLdap = join(folder, 'openldap');
  await mkdir(ofOpenLdap);
  const [certificates] = await Promise.all([
    makeCertificates(),
    promisify(execFile)('sh', [inRepository('test/containers/openldap/make-certs.sh'), ofOpenLdap], {
      env: { ...process.env, CLIENT_SUBJECT },
    }),
  ]);
  await writeFile(join(folder, 'certificates.json'), JSON.stringify(certificates));
  process.env['LATCHKEY_TEST_CERTIFICATES'] = folder;
}

const runFolder = () => process.env['LATCHKEY_TEST_CERTIFICATES'];

/**
 * The folder with the certificates that every OpenLDAP of the run serves with, and with its client's: as make-certs.sh
 * leaves it. `undefined` where `makeRunCertificates` has made none.
 */
export function openLdapCertificates(): string | undefined {
  const folder = runFolder();
  return folder && join(folder, 'openldap');
}

/** The same all through a run; made now where `makeRunCertificates` has made none. Throws where there is no openssl. */
export async function testCertificates(): Promise<Certificates> {
  const folder = runFolder();
  if (folder === undefined) return makeCertificates();
  return JSON.parse(await readFile(join(folder, 'certificates.json'), 'utf8')) as Certificates;
}

async function makeCertificates(): Promise<Certificates> {
  const dir = await mkdtemp(join(tmpdir(), 'latchkey-certificates-'));
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: dir });
  const read = (name: string) => readFile(join(dir, name), 'utf8');
  const newKey = (name: string) =>
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', `${name}.key`);

  const makeCa = async (name: string) => {
    await newKey(name);
    const subject = ['-config', 'openssl.cnf', '-extensions', 'ca', '-subj', `/CN=${name}`];
    await openssl('req', '-new', '-x509', '-key', `${name}.key`, '-out', `${name}.crt`, ...subject);
    return read(`${name}.crt`);
  };
  const sign = async (
    name: string,
    extensions: 'every' | 'name' | 'none',
    days: number,
  ): Promise<Certificate> => {
    await newKey(name);
    const subject = ['-config', 'openssl.cnf', '-subj', '/CN=localhost'];
    await openssl('req', '-new', '-key', `${name}.key`, '-out', `${name}.csr`, ...subject);
    const ca = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-set_serial', '1', '-days', String(days)];
    const how = ['-extfile', 'openssl.cnf', '-extensions', extensions];
    await openssl('x509', '-req', '-in', `${name}.csr`, '-out', `${name}.crt`, ...ca, ...how);
    return { cert: await read(`${name}.crt`), key: await read(`${name}.key`) };
  };
  const signItself = async (): Promise<Certificate> => {
    await newKey('self');
    const subject = ['-config', 'openssl.cnf', '-extensions', 'every', '-subj', '/CN=localhost'];
    await openssl('req', '-new', '-x509', '-key', 'self.key', '-out', 'self.crt', ...subject);
    return { cert: await read('self.crt'), key: await read('self.key') };
  };

  try {
    await writeFile(join(dir, 'openssl.cnf'), config);
    return {
      ca: await makeCa('ca'),
      strangerCa: await makeCa('stranger'),
      good: await sign('good', 'every', 2),
      expired: await sign('expired', 'every', -1),
      nameOnly: await sign('nameOnly', 'name', 2),
      commonNameOnly: await sign('commonNameOnly', 'none', 2),
      selfSigned: await signItself(),
    };
  } finally {
    await rm(dir, { recursive: true });
  }
}
