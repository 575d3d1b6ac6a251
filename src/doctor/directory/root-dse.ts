import { attributeValues } from '../../adapters/ldap/attribute-values.ts';
import type { LdapConnection } from '../../adapters/ldap/connection/connection.ts';

/** What a server says of itself in its root DSE (RFC 4512, 5.1). */
export interface RootDse {
  /** The presets that fit it; none where it does not say what it is. */
  readonly presets: readonly string[];
  readonly vendor: string;
  readonly namingContexts: readonly string[];
  /** In the words of the field: `StartTLS`, `ppolicy`, … */
  readonly supports: readonly string[];
}

/** RFC 4532: tells as whom a connection is bound. */
export const WHO_AM_I_OID = '1.3.6.1.4.1.4203.1.11.3';

const EXTENSIONS = { StartTLS: '1.3.6.1.4.1.1466.20037', whoami: WHO_AM_I_OID };
/** `paging`: RFC 2696; `ppolicy`: draft-behera-ldap-password-policy. */
const CONTROLS = { ppolicy: '1.3.6.1.4.1.42.2.27.8.5.1', paging: '1.2.840.113556.1.4.319' };
/** MS-ADTS, 3.1.1.3.4.3: LDAP_CAP_ACTIVE_DIRECTORY_OID; its servers know the in-chain rule and `tokenGroups`. */
const ACTIVE_DIRECTORY = '1.2.840.113556.1.4.800';

const ATTRIBUTES = [
  'objectClass',
  'vendorName',
  'vendorVersion',
  'namingContexts',
  'supportedExtension',
  'supportedControl',
  'supportedCapabilities',
  'supportedSASLMechanisms',
];

/** Read it. Throws what `ldapts` throws. */
export async function readRootDse({ client }: LdapConnection): Promise<RootDse> {
  const { searchEntries } = await client.search('', { scope: 'base', attributes: ATTRIBUTES });
  const [entry] = searchEntries;
  const values = (attribute: string) => (entry ? attributeValues(entry, attribute).map(String) : []);
  const isActiveDirectory = values('supportedCapabilities').includes(ACTIVE_DIRECTORY);
  const among = (known: Readonly<Record<string, string>>, held: readonly string[]) =>
    Object.entries(known).flatMap(([name, oid]) => (held.includes(oid) ? [name] : []));
  const vendor = [values('vendorName')[0], values('vendorVersion')[0]].filter((one) => one).join(' ');
  return {
    ...productOf(vendor, isActiveDirectory, values('objectClass')),
    namingContexts: values('namingContexts').filter((one) => one !== ''),
    supports: [
      ...among(EXTENSIONS, values('supportedExtension')),
      ...among(CONTROLS, values('supportedControl')),
      ...(isActiveDirectory ? ['in-chain'] : []),
      ...(values('supportedSASLMechanisms').includes('EXTERNAL') ? ['EXTERNAL'] : []),
    ],
  };
}

function productOf(
  vendor: string,
  isActiveDirectory: boolean,
  classes: readonly string[],
): Pick<RootDse, 'presets' | 'vendor'> {
  if (isActiveDirectory) return { presets: ['active-directory'], vendor: vendor || 'Active Directory' };
  if (classes.some((one) => /^openldaprootdse$/i.test(one))) {
    return { presets: ['openldap'], vendor: vendor || 'OpenLDAP' };
  }
  if (/lldap/i.test(vendor)) return { presets: ['lldap'], vendor };
  if (/389/.test(vendor)) return { presets: ['389ds', 'freeipa'], vendor };
  return { presets: [], vendor: vendor || 'a server that does not name itself' };
}
