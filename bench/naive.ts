// The sign-in as one writes it first: Express, and an ldapts client for each request that connects, binds as the service
// account, searches, binds as the person and leaves. Takes an LdapAccess as JSON, and PORT from the environment.
import express from 'express';
import { Client, InvalidCredentialsError } from 'ldapts';
import { clientOptions, type LdapAccess, personSearch } from './ldap-access.ts';
import type { Credentials } from './requests.ts';

const access: LdapAccess = JSON.parse(process.argv[2] as string);
// The CA is read once; that each connection parses it anew is what ldapts' tlsOptions do.
const options = clientOptions(access);

const app = express();
app.use(express.urlencoded());
app.get('/readyz', (_req, res) => res.end());
app.post('/api/v1/fetch_api_key', async (req, res) => {
  const entry = await signIn(req.body);
  if (entry) res.json({ result: 'success', msg: '', email: entry['mail'] });
  else res.status(401).json({ result: 'error', msg: 'Your username or password is incorrect' });
});
app.listen(Number(process.env['PORT']), '127.0.0.1');

async function signIn({ username, password }: Credentials) {
  const client = new Client(options);
  try {
    await client.bind(access.bindDn, access.bindPassword);
    const { searchEntries } = await client.search(access.userBase, personSearch(username));
    const [entry, another] = searchEntries;
    if (!entry || another) return undefined;
    await client.bind(entry.dn, password);
    return entry;
  } catch (failure) {
    if (failure instanceof InvalidCredentialsError) return undefined;
    throw failure;
  } finally {
    await client.unbind();
  }
}
