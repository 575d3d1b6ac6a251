import { describe, expect, test } from '@jest/globals';
import { faultsOf, load, WITHOUT_DIRECTORY } from './environment.ts';

const env = { ...WITHOUT_DIRECTORY, LATCHKEY_CONFIG: 'our.yaml' };

/** One directory behind LDAP and files of people, with these settings of their own. */
const listed = (...settings: readonly object[]) => {
  const ldap = {
    urls: ['ldaps://ldap.example.org'],
    ...{ bindDn: 'cn=latchkey', bindPassword: 'secret', userBase: 'dc=example' },
  };
  const directories = settings.map((own, at) =>
    at === 0
      ? { id: 'corp', ...ldap, ...own }
      : { id: `file${at}`, kind: 'file', peopleFile: '/people.yaml', ...own },
  );
  return { 'our.yaml': JSON.stringify({ directories }) };
};

const among = (...settings: readonly object[]) => faultsOf(env, listed(...settings));
const a = { emailDomains: ['a.example'] };
const b = { emailDomains: ['b.example', 'c.example'] };
const c = { emailDomains: ['d.example'] };

describe('several directories', () => {
  test('are described each by their domains', () => {
    const { config } = load(env, listed(a, { ...b, remoteUser: '{username}' }, c));
    expect(config.directories).toMatchObject([
      { id: 'corp', ...a },
      { id: 'file1', ...b, remoteUser: '{username}' },
      { id: 'file2', ...c },
    ]);
  });

  test('need them, a line each; a single directory does not', () => {
    const missing = 'missing; with several directories, list the domains whose emails this one may vouch for';
    expect(among({}, {})).toEqual([
      `our.yaml: directories[0].emailDomains: ${missing}`,
      `our.yaml: directories[1].emailDomains: ${missing}`,
    ]);
    expect(among(a, { emailDomains: [] })).toEqual([`our.yaml: directories[1].emailDomains: ${missing}`]);
    expect(among({})).toEqual([]);
  });

  test('have no domain in common, in any case', () => {
    expect(among(a, b, { emailDomains: ['d.example', 'C.Example', 'd.EXAMPLE', 'a.example'] })).toEqual([
      'our.yaml: directories[2].emailDomains[1]: belongs to directories[1] already; name a domain in one directory only',
      'our.yaml: directories[2].emailDomains[3]: belongs to directories[0] already; name a domain in one directory only',
    ]);
  });

  test('tell gateways their people apart: one at most by the login name alone', () => {
    const plain = { remoteUser: '{username}' };
    expect(among({ ...a, ...plain }, { ...b, ...plain }, { ...c, remoteUser: 'x-{username}' })).toEqual([
      'our.yaml: directories[1].remoteUser: has no {directory}, like directories[0]; write such as {username}@{directory}',
      'our.yaml: directories[2].remoteUser: has no {directory}, like directories[0]; write such as {username}@{directory}',
    ]);
    expect(among({ ...a, ...plain })).toEqual([]);
  });

  test('tell gateways their people apart: no name that two templates could give', () => {
    const behind = { remoteUser: '{directory}-{username}' };
    const [first, second] = [
      { ...a, ...behind, id: 'x' },
      { ...b, ...behind, id: 'x-y' },
    ];
    expect(among(first, second)).toEqual([
      'our.yaml: directories[1].remoteUser: may name somebody as directories[0] does; write such as {username}@{directory}',
    ]);
    const slash = { remoteUser: '{directory}/{username}' };
    expect(among({ ...first, ...slash }, { ...second, ...slash })).toEqual([]);
    expect(among({ ...a, id: 'x' }, { ...b, id: 'y-x' })).toEqual([]);
  });

  test('are told beside every other fault', () => {
    expect(among({ ...a, operationTimeout: 5 }, { emailDomains: 7 })).toEqual([
      'our.yaml: directories[0].operationTimeout: not a duration; write a number and a unit, such as 30s',
      'our.yaml: directories[1].emailDomains: not a list of domains',
      expect.stringContaining('our.yaml: directories[1].emailDomains: missing'),
    ]);
  });
});
