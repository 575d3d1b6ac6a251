import type { LdapDirectoryOptions } from '../../../../src/adapters/ldap/ldap-directory.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { ldapDirectory } from '../options.ts';

/** A server, and who may search it. */
type Server = { readonly port: number; readonly serviceDn: string; readonly servicePassword: string };

/** What became of a name and a password. */
export type Judged = {
  /** `accepted`, or why the bind was refused. */
  outcome: string;
  /** Whether the entry, as the service account reads it, says that the account is disabled or has expired. */
  isDisabled: boolean;
  /** The binds that asking about the password cost. */
  binds: number;
};

/** A directory whose connections in clear are watched. */
export type Judge = AsyncDisposable & {
  /** Finds one person and asks about the password; throws where the name is nobody's. */
  judge(username: string, password: string): Promise<Judged>;
  /** Finds several people, asks about their passwords all at once, and gives the outcomes. */
  judgeAtOnce(people: readonly (readonly [username: string, password: string])[]): Promise<string[]>;
};

/** Opens a directory on a server. */
export async function startJudge(server: Server, different: Partial<LdapDirectoryOptions>): Promise<Judge> {
  const proxy = await startTcpProxy({ port: server.port });
  const directory = ldapDirectory({
    urls: [`ldap://127.0.0.1:${proxy.port}`],
    bindDn: server.serviceDn,
    bindPassword: server.servicePassword,
    ...different,
  });
  const find = async (username: string) => {
    const found = await directory.find(username);
    if (!('principal' in found)) throw new Error(`${username} is nobody`);
    return found;
  };
  const verify = async (username: string, password: string) => {
    const { principal } = await find(username);
    proxy.resetCounts();
    const verified = await directory.verifyPassword(principal, password);
    return 'refusal' in verified ? verified.refusal : 'accepted';
  };

  return {
    async judge(username, password) {
      const { isDisabled } = await find(username);
      const outcome = await verify(username, password);
      return { outcome, isDisabled: isDisabled ?? false, binds: proxy.binds().length };
    },
    judgeAtOnce: (people) => Promise.all(people.map(([username, password]) => verify(username, password))),
    async [Symbol.asyncDispose]() {
      await directory[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}
