/** The directory servers whose kinds of people are made once, in an image or a template. */
export type DirectoryName = 'samba-ad' | 'ds389';

/** What people call them. */
export const directoryTitles: Readonly<Record<DirectoryName, string>> = {
  'samba-ad': 'Samba AD',
  ds389: '389 Directory Server',
};

const variable = (name: DirectoryName) =>
  `LATCHKEY_TEST_NO_${name === 'samba-ad' ? 'SAMBA_AD' : 'DS389'}` as const;

/** Notes, for all processes of this run of the tests, why this server cannot be had; undefined: it can. */
export function noteDirectory(name: DirectoryName, why: string | undefined): void {
  if (why === undefined) delete process.env[variable(name)];
  else process.env[variable(name)] = why;
}

/** Why this server cannot be had, as noted; undefined: it can. */
export function whyNoDirectory(name: DirectoryName): string | undefined {
  return process.env[variable(name)];
}
