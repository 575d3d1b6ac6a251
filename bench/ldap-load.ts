// A program for startLoadProcess: the LDAP half of a sign-in and nothing else. One search as the service account, then
// one bind as the entry that was found, with ldapts on connections that stay open. No HTTP, no Redis, no policy.
import { AndFilter, Client, EqualityFilter, OrFilter } from 'ldapts';
import { type LoopPlan, runClosedLoop } from './closed-loop.ts';
import { serveLoad } from './load-process.ts';

/** Whom to find and bind as, in turn, and where. */
export interface LdapPlan extends LoopPlan {
  readonly url: string;
  readonly userBase: string;
  readonly bindDn: string;
  readonly bindPassword: string;
  readonly people: readonly { readonly username: string; readonly password: string }[];
  readonly searchConnections: number;
  /** Each is lent for one bind at a time. */
  readonly bindConnections: number;
}

serveLoad(async (plan: LdapPlan) => {
  const searches = await openAll(plan, plan.searchConnections);
  const binds = await openAll(plan, plan.bindConnections);
  const lend = createLender(binds);
  try {
    return await runClosedLoop(plan, async (_lane, index) => {
      const { username, password } = plan.people[index % plan.people.length] as LdapPlan['people'][number];
      const { searchEntries } = await (searches[index % searches.length] as Client).search(plan.userBase, {
        scope: 'sub',
        filter: filterFor(username),
        sizeLimit: 2,
        attributes: ['entryUUID', 'uid', 'mail', 'cn'],
      });
      const [entry] = searchEntries;
      if (!entry) throw new Error(`${username} was not found`);
      await lend((client) => client.bind(entry.dn, password));
    });
  } finally {
    await Promise.all([...searches, ...binds].map((client) => client.unbind()));
  }
});

/** All bound as the service account, so that each is connected before the first operation that counts. */
function openAll({ url, bindDn, bindPassword }: LdapPlan, count: number): Promise<Client[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const client = new Client({ url });
      await client.bind(bindDn, bindPassword);
      return client;
    }),
  );
}

/** As the default userFilter. */
function filterFor(username: string): AndFilter {
  const equals = (attribute: string, value: string) => new EqualityFilter({ attribute, value });
  const named = new OrFilter({ filters: [equals('uid', username), equals('mail', username)] });
  return new AndFilter({ filters: [equals('objectClass', 'person'), named] });
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
