// A program for startLoadProcess: the LDAP half of a sign-in and nothing else. One search as the service account, then
// one bind as the entry that was found, with ldapts on connections that stay open. No HTTP, no Redis, no policy.
import { Client } from 'ldapts';
import { type LoopPlan, runClosedLoop } from './closed-loop.ts';
import { clientOptions, type LdapAccess, personSearch } from './ldap-access.ts';
import { serveLoad } from './load-process.ts';
import type { Credentials } from './requests.ts';

/** Whom to find and bind as, in turn, and where. */
export interface LdapPlan extends LoopPlan {
  readonly access: LdapAccess;
  readonly people: readonly Credentials[];
  readonly searchConnections: number;
  /** Each is lent for one bind at a time. */
  readonly bindConnections: number;
}

serveLoad(async (plan: LdapPlan) => {
  const { access, people } = plan;
  const searches = await openAll(access, plan.searchConnections);
  const binds = await openAll(access, plan.bindConnections);
  const lend = createLender(binds);
  try {
    return await runClosedLoop(plan, async (_lane, index) => {
      const { username, password } = people[index % people.length] as Credentials;
      const client = searches[index % searches.length] as Client;
      const { searchEntries } = await client.search(access.userBase, personSearch(username));
      const [entry] = searchEntries;
      if (!entry) throw new Error(`${username} was not found`);
      await lend((idle) => idle.bind(entry.dn, password));
    });
  } finally {
    await Promise.all([...searches, ...binds].map((client) => client.unbind()));
  }
});

/** All bound as the service account, so that each is connected before the first operation that counts. */
function openAll(access: LdapAccess, count: number): Promise<Client[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = new Client(clientOptions(access));
      await client.bind(access.bindDn, access.bindPassword);
      return client;
    }),
  );
}

/** Lends each client to one borrower at a time; who has waited longest comes next. */
function createLender(idle: readonly Client[]): (use: (client: Client) => Promise<void>) => Promise<void> {
  const free = [...idle];
  const waiting: ((client: Client) => void)[] = [];
  return async (use) => {
    const client = free.pop() ?? (await new Promise<Client>((resolve) => waiting.push(resolve)));
    await use(client);
    const next = waiting.shift();
    if (next) next(client);
    else free.push(client);
  };
}
