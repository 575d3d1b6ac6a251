import type { Endpoint } from '../../adapters/ldap/connection/endpoint.ts';
import type { OpenedDirectory, OpenedLdap } from '../opened.ts';
import type { Walk } from '../step.ts';
import { checkServer } from './check-server.ts';
import type { CheckedServer } from './check-session.ts';
import { lookAtPeople } from './people.ts';
import { lookForServers, namedServers } from './servers.ts';

/** What is known of a directory whose servers were walked through. */
export interface CheckedDirectory {
  readonly opened: OpenedDirectory;
  /** Whether one of its servers works: one is enough. */
  readonly isReached: boolean;
  /** Whether the settings find people there, too. */
  readonly isGood: boolean;
  /** What its servers say they hold. */
  readonly namingContexts: readonly string[];
}

/** Walk through one directory: each of its servers, and whether the settings find people there. */
export async function checkDirectory(walk: Walk, opened: OpenedDirectory): Promise<CheckedDirectory> {
  const place = { directory: opened.id };
  const servers = opened.ldap
    ? await checkServers(walk, opened.ldap)
    : [{ isGood: true, rootDse: undefined }];
  const namingContexts = [...new Set(servers.flatMap(({ rootDse }) => rootDse?.namingContexts ?? []))];
  if (!servers.some(({ isGood }) => isGood)) {
    walk.skip('people', place, 'no server of the directory can be used');
    return { opened, isReached: false, isGood: false, namingContexts };
  }
  const isGood = await walk.noneFails(() =>
    walk.step('people', place, () => lookAtPeople(opened, namingContexts)),
  );
  return { opened, isReached: true, isGood, namingContexts };
}

async function checkServers(walk: Walk, { options }: OpenedLdap): Promise<readonly CheckedServer[]> {
  const checked: CheckedServer[] = [];
  for (const endpoint of await serversOf(walk, options)) {
    checked.push(await checkServer(walk, endpoint, options));
  }
  return checked;
}

async function serversOf(walk: Walk, options: OpenedLdap['options']): Promise<readonly Endpoint[]> {
  const { id, srvDomain } = options;
  if (srvDomain === undefined) return namedServers(options);
  const found = await walk.step('srv', { directory: id }, () => lookForServers({ ...options, srvDomain }));
  return found ?? [];
}
