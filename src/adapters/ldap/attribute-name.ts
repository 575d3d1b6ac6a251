/**
 * The attributes that have several names, or may be written by their object identifiers: RFC 4519, RFC 4524, RFC 2798,
 * RFC 2307, RFC 4512, RFC 4530, RFC 5020, RFC 2985, [MS-ADA1] to [MS-ADA3], draft-behera-ldap-password-policy, and
 * 389 Directory Server's schema. The first name of a line is the one that stands for all of it.
 */
const ATTRIBUTES = `
  objectClass 2.5.4.0
  aliasedObjectName aliasedEntryName 2.5.4.1
  cn commonName 2.5.4.3
  sn surname 2.5.4.4
  serialNumber 2.5.4.5
  c countryName 2.5.4.6
  l localityName locality 2.5.4.7
  st stateOrProvinceName 2.5.4.8
  street streetAddress 2.5.4.9
  o organizationName 2.5.4.10
  ou organizationalUnitName 2.5.4.11
  title 2.5.4.12
  description 2.5.4.13
  postalCode 2.5.4.17
  telephoneNumber 2.5.4.20
  facsimileTelephoneNumber fax 2.5.4.23
  member 2.5.4.31
  owner 2.5.4.32
  seeAlso 2.5.4.34
  name 2.5.4.41 1.2.840.113556.1.4.1
  givenName gn 2.5.4.42
  initials 2.5.4.43
  generationQualifier 2.5.4.44
  x500UniqueIdentifier 2.5.4.45
  dnQualifier 2.5.4.46
  distinguishedName 2.5.4.49
  uniqueMember 2.5.4.50
  createTimestamp 2.5.18.1
  modifyTimestamp 2.5.18.2
  uid userid 0.9.2342.19200300.100.1.1
  mail rfc822Mailbox 0.9.2342.19200300.100.1.3
  drink favouriteDrink 0.9.2342.19200300.100.1.5
  host 0.9.2342.19200300.100.1.9
  manager 0.9.2342.19200300.100.1.10
  homePhone homeTelephoneNumber 0.9.2342.19200300.100.1.20
  dc domainComponent 0.9.2342.19200300.100.1.25
  associatedDomain 0.9.2342.19200300.100.1.37
  mobile mobileTelephoneNumber 0.9.2342.19200300.100.1.41
  pager pagerTelephoneNumber 0.9.2342.19200300.100.1.42
  co friendlyCountryName 0.9.2342.19200300.100.1.43
  email emailAddress pkcs9email 1.2.840.113549.1.9.1
  labeledURI labeledURL 1.3.6.1.4.1.250.1.57
  departmentNumber 2.16.840.1.113730.3.1.2
  employeeNumber 2.16.840.1.113730.3.1.3
  employeeType 2.16.840.1.113730.3.1.4
  preferredLanguage 2.16.840.1.113730.3.1.39
  displayName 2.16.840.1.113730.3.1.241 1.2.840.113556.1.2.13
  uidNumber 1.3.6.1.1.1.1.0
  gidNumber 1.3.6.1.1.1.1.1
  gecos 1.3.6.1.1.1.1.2
  homeDirectory 1.3.6.1.1.1.1.3
  shadowExpire 1.3.6.1.1.1.1.10
  memberUid 1.3.6.1.1.1.1.12
  entryUUID 1.3.6.1.1.16.4
  entryDN 1.3.6.1.1.20
  memberOf 1.2.840.113556.1.2.102
  isDeleted 1.2.840.113556.1.2.48
  proxyAddresses 1.2.840.113556.1.2.210
  objectGUID 1.2.840.113556.1.4.2
  userAccountControl 1.2.840.113556.1.4.8
  employeeID 1.2.840.113556.1.4.35
  primaryGroupID 1.2.840.113556.1.4.98
  objectSid 1.2.840.113556.1.4.146
  accountExpires 1.2.840.113556.1.4.159
  sAMAccountName 1.2.840.113556.1.4.221
  userPrincipalName 1.2.840.113556.1.4.656
  tokenGroups 1.2.840.113556.1.4.1301
  nsUniqueId 2.16.840.1.113730.3.1.542
  nsAccountLock 2.16.840.1.113730.3.1.610
  pwdAccountLockedTime 1.3.6.1.4.1.42.2.27.8.1.17
`;

const ONE_NAME: ReadonlyMap<string, string> = new Map(
  ATTRIBUTES.trim()
    .toLowerCase()
    .split('\n')
    .flatMap((line) => {
      const names = line.trim().split(' ');
      return names.map((name) => [name, names[0] as string] as const);
    }),
);

/**
 * One spelling for all that name the same attribute (RFC 4512, 2.5): in lower case, and the short name of RFC 4519 and
 * others where it is an alias or an object identifier that is known; its options (`;lang-de`) stay.
 * @param description an attribute description, as a setting, a DN or a server writes it
 */
export function attributeName(description: string): string {
  const lower = description.toLowerCase();
  const options = lower.indexOf(';');
  if (options === -1) return ONE_NAME.get(lower) ?? lower;
  const type = lower.slice(0, options);
  return (ONE_NAME.get(type) ?? type) + lower.slice(options);
}
