import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { doctorCommand } from '../../src/cli/doctor.ts';
import type { Step } from '../../src/doctor/step.ts';
import { SECRET } from '../config/environment.ts';
import { yamlFile } from '../service/yaml-file.ts';
import { patientSettings } from '../support/patient-settings.ts';

/** What the doctor found. */
export interface Consultation {
  readonly code: number;
  readonly ok: boolean;
  readonly steps: readonly Step[];
  /** The first step of this name. Throws where there is none. */
  step(name: string): Step;
}

/** Settings from a file: what holds for every directory, and the directories. */
export function settingsOf(
  directory: object,
  directories: readonly object[],
  more: object = {},
): Readonly<Record<string, string>> {
  const settings = {
    redis: { url: 'memory:' },
    realm: { publicUrl: 'http://127.0.0.1:1' },
    directory: { ...patientSettings.directory, ...directory },
    directories,
    ...more,
  };
  return { LATCHKEY_SECRET: SECRET, LATCHKEY_CONFIG: yamlFile(JSON.stringify(settings)) };
}

/** Settings without a directory: nothing outlives the doctor, and nothing listens at the public URL. */
export const BARE: Readonly<Record<string, string>> = {
  LATCHKEY_SECRET: SECRET,
  REDIS_URL: 'memory:',
  LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:1',
};

/** The settings of the tests' OpenLDAP at a URL. */
export function openLdapAt(url: string): Readonly<Record<string, string>> {
  return {
    ...BARE,
    LDAP_URL: url,
    LDAP_BIND_DN: 'cn=latchkey,ou=services,dc=example,dc=org',
    LDAP_BIND_PASSWORD: 'latchkey-secret',
    LDAP_USER_BASE: 'ou=people,dc=example,dc=org',
  };
}

/**
 * Ask the doctor, in this process.
 * @param user whose sign-in is tried; `undefined`: nobody's
 * @param password the line on standard input; `undefined`: there is none
 */
export async function consult(
  env: Readonly<Record<string, string>>,
  user?: string,
  password?: string,
): Promise<Consultation> {
  const [output, errors] = [new PassThrough(), new PassThrough().resume()];
  const written = text(output);
  const options = {
    json: true,
    ...(user !== undefined && { user }),
    ...(password !== undefined && { passwordStdin: true }),
  };
  const input = Readable.from(password === undefined ? [] : [`${password}\n`]);
  const patient = { LATCHKEY_CONFIG: yamlFile(JSON.stringify({ directory: patientSettings.directory })) };
  const code = await doctorCommand({ ...patient, ...env }, options, { input, output, errors });
  output.end();
  const { ok, steps } = JSON.parse(await written) as { ok: boolean; steps: Step[] };
  return {
    code,
    ok,
    steps,
    step(name) {
      const found = steps.find((one) => one.name === name);
      if (!found) throw new Error(`no step ${name} among ${steps.map((one) => one.name).join(', ')}`);
      return found;
    },
  };
}

/** The names of steps that were skipped. */
export const skippedOf = ({ steps }: Consultation) =>
  steps.filter(({ status }) => status === 'skipped').map(({ name }) => name);
