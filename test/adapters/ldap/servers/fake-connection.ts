import type { LdapConnection } from '../../../../src/adapters/ldap/connection/connection.ts';

/** A connection that goes nowhere, for what only lends connections. */
export type FakeConnection = LdapConnection & {
  /** How often it was asked to gather. */
  readonly gathered: () => number;
  /** As if the socket had closed. */
  lose(): void;
};

/** Makes connections that go nowhere, and keeps those that were made. */
export function createFakeConnections() {
  const made: FakeConnection[] = [];
  const open = async (): Promise<LdapConnection> => {
    let closed = false;
    let gathered = 0;
    const listeners: (() => void)[] = [];
    const lose = () => {
      closed = true;
      for (const listener of listeners.splice(0)) listener();
    };
    const connection: FakeConnection = {
      get client(): never {
        throw new Error('nobody speaks over a fake connection');
      },
      supports: async () => false,
      isClosed: () => closed,
      gather: () => {
        gathered++;
      },
      gathered: () => gathered,
      onClose: (listener) => {
        if (closed) listener();
        else listeners.push(listener);
      },
      close: async () => lose(),
      lossOf: () => undefined,
      lose,
    };
    made.push(connection);
    return connection;
  };
  return { made, open };
}
