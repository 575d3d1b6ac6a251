import { describe, expect, test } from '@jest/globals';
import { createRemoteUser } from '../../src/http/remote-user.ts';
import { sampleAccount } from '../adapters/account-store-contract.ts';

type Templates = Readonly<Record<string, string | undefined>>;

function called(templates: Templates, directoryId: string, username = 'alice'): string {
  const { owner } = sampleAccount(1);
  const remoteUser = createRemoteUser(new Map(Object.entries(templates)));
  return remoteUser({ directoryId, owner: { ...owner, username } });
}

describe('what gateways call a person', () => {
  const two = { corp: '{username}', local: undefined };

  test.each<[Templates, string, string]>([
    [{ corp: undefined }, 'corp', 'alice'],
    [{ corp: '{directory}/{username}' }, 'corp', 'corp/alice'],
    [{ corp: undefined, local: undefined }, 'corp', 'alice@corp'],
    [two, 'corp', 'alice'],
    [two, 'local', 'alice@local'],
    [{ corp: undefined }, 'former', 'alice@former'],
    [two, 'former', 'alice@former'],
  ])('with %j is, in %s, %s', (templates, directoryId, name) => {
    expect(called(templates, directoryId)).toBe(name);
  });

  test('never reads a login name as a template', () => {
    expect(called({ corp: undefined, local: undefined }, 'corp', '{directory}$&')).toBe('{directory}$&@corp');
  });

  test('never lets a login name pass for somebody of another directory', () => {
    expect(called(two, 'local', 'bob')).toBe('bob@local');
    expect(called(two, 'corp', 'bob@local')).toBe('bob@local@corp');
  });
});
