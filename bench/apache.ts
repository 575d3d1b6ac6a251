import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type LdapAccess, PERSON_ATTRIBUTES } from './ldap-access.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Debian's place for the modules: elsewhere Apache counts as not installed. */
const SERVER_ROOT = '/usr/lib/apache2';

/** What to say where `findApache` finds none. */
export const APACHE_IS_MISSING =
  'Apache is left out: it is not installed (apt-get install --no-install-recommends apache2)';

/** The path of Debian's Apache with mod_authnz_ldap; `undefined` where there is none. */
export function findApache(): string | undefined {
  if (!existsSync(`${SERVER_ROOT}/modules/mod_authnz_ldap.so`)) return undefined;
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'apache2')).find((file) => existsSync(file));
}

/**
 * Start Apache with a file of two bytes at `/`, for those whom mod_authnz_ldap signs in by Basic, every time anew: its
 * caches are off. It writes no access log. Its processes are the children of `pid`.
 */
export async function startApache(program: string, access: LdapAccess): Promise<ServerProcess> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'latchkey-apache-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  // Started as root, the children that serve are nobody.
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'index.html'), 'ok');
  const configFile = join(folder, 'apache.conf');
  const { port, pid } = starting.use(
    await startServer(async (free) => {
      await writeFile(configFile, configuration(folder, free, access));
      const args = ['-f', configFile, '-DFOREGROUND'];
      return { command: program, args, env: {}, readyPath: '/', readyStatus: 401 };
    }),
  );
  const parts = starting.move();
  return { port, pid, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

const MODULES = [
  'mpm_event',
  'dir',
  'authn_core',
  'authz_core',
  'authz_user',
  'auth_basic',
  'ldap',
  'authnz_ldap',
];

/**
 * As many threads to a process and threads in all as Debian's, but all of them from the start: with fewer threads than
 * connections Apache closes some that are kept alive, and so it does where it ends a process that has too little to do.
 */
/** In one process: of several, one whose workers are all busy closes the connections that it has kept alive. */
const WORKERS = 150;

function configuration(folder: string, port: number, access: LdapAccess): string {
  const attributes = ['uid', ...PERSON_ATTRIBUTES.filter((name) => name !== 'uid')].join(',');
  return `
ServerRoot ${SERVER_ROOT}
DefaultRuntimeDir ${folder}
PidFile ${folder}/apache.pid
ErrorLog ${folder}/error.log
ServerName localhost
Listen 127.0.0.1:${port}
${MODULES.map((name) => `LoadModule ${name}_module modules/mod_${name}.so`).join('\n')}
User nobody
Group nogroup
StartServers 1
ThreadLimit ${WORKERS}
ThreadsPerChild ${WORKERS}
MaxRequestWorkers ${WORKERS}
MaxSpareThreads ${WORKERS}
MaxKeepAliveRequests 0
LDAPCacheEntries 0
LDAPOpCacheEntries 0
${access.caFile === undefined ? '' : `LDAPTrustedGlobalCert CA_BASE64 ${access.caFile}`}
DocumentRoot ${folder}
DirectoryIndex index.html
<Location />
  AuthType Basic
  AuthName bench
  AuthBasicProvider ldap
  AuthLDAPURL "${access.url}/${access.userBase}?${attributes}?sub?(objectClass=person)"
  AuthLDAPBindDN "${access.bindDn}"
  AuthLDAPBindPassword "${access.bindPassword}"
  Require valid-user
</Location>
`;
}
