/** What is set for the Samba domain of the tests as `config/active-directory.yaml` has it. */
export const activeDirectoryPreset = {
  userBase: 'OU=People,DC=ad,DC=example,DC=org',
  userFilter:
    '(&(objectCategory=person)(objectClass=user)(|(sAMAccountName={username})(userPrincipalName={username})(mail={username})))',
  attributes: {
    id: 'objectGUID',
    idSyntax: 'octets',
    username: 'sAMAccountName',
    email: 'mail',
    fullName: 'displayName',
    disabledBy: { userAccountControl: 'accountDisable', accountExpires: 'fileTime' },
  },
  passwordPolicy: false,
} as const;
