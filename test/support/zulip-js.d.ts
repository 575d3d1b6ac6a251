declare module 'zulip-js' {
  /** The part of the client that the tests use; the package has no types. */
  interface Client {
    readonly config: { readonly username: string; readonly apiKey: string };
    readonly server: { settings(): Promise<unknown> };
    readonly users: { readonly me: { getProfile(): Promise<unknown> } };
  }
  function zulip(config: { realm: string; username: string; password: string }): Promise<Client>;
  export default zulip;
}
