import { Client } from 'ldapts';
import { createAdmitByGroups } from '../../../../src/adapters/ldap/groups/admit-by-groups.ts';
import type { GroupOptions } from '../../../../src/adapters/ldap/groups/group-options.ts';
import type { Admitted } from '../../../../src/ports/directory.ts';
import { recordingLog } from '../../../support/recording-log.ts';
import { startTcpProxy } from '../../../support/tcp-proxy.ts';
import { principalAt } from '../options.ts';

/** A server, and who may read its groups. */
type Server = { readonly port: number; readonly serviceDn: string; readonly servicePassword: string };

/** What became of somebody: the groups that gateways are told or the refusal, and what it cost. */
export type AdmittedOver = { answer: readonly string[] | string; searches: number; lines: readonly string[] };

/** Settings of groups as `config/default.yaml` has them, and what is different this time. */
export function groupOptions(different: Partial<GroupOptions>): GroupOptions {
  return {
    base: undefined,
    lookUp: 'walk',
    nameAttribute: 'cn',
    maxDepth: 10,
    maxGroups: 1000,
    maxBytes: 4096,
    requiredGroup: undefined,
    denyGroups: [],
    ...different,
  };
}

/** Admits somebody by a server's groups, on a connection in clear of its own, `times` in a row; tells of the last. */
export async function admitOver(
  server: Server,
  person: { readonly dn: string; readonly username?: string },
  different: Partial<GroupOptions>,
  times = 1,
): Promise<AdmittedOver> {
  await using proxy = await startTcpProxy({ port: server.port });
  await using client = new Client({ url: `ldap://127.0.0.1:${proxy.port}`, timeout: 30_000 });
  await client.bind(server.serviceDn, server.servicePassword);
  const log = recordingLog();
  const admit = createAdmitByGroups(
    { search: async (base, how) => (await client.search(base, how)).searchEntries, log },
    groupOptions(different),
    person.dn,
  );
  let admitted: Admitted | undefined;
  for (let time = 0; time < times; time += 1) {
    proxy.resetCounts();
    admitted = await admit({ ...principalAt(person.dn), username: person.username ?? 'someone' });
  }
  if (!admitted) throw new Error('nobody was admitted');
  const answer = 'principal' in admitted ? admitted.principal.groups : admitted.refusal;
  return { answer, searches: proxy.ldapOps().search, lines: log.lines };
}
