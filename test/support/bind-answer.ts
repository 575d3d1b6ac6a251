import { Client, PasswordPolicyControl, ResultCodeError } from 'ldapts';

/** What a directory server answered to a bind. */
export type BindAnswer = {
  /** The result code of RFC 4511; 0 is success. */
  code: number;
  /** The class of ldapts' error; undefined after success. */
  error: string | undefined;
  /** The message of ldapts' error, which has the server's diagnostic message in it; undefined after success. */
  message: string | undefined;
  /** What the control of draft-behera-ldap-password-policy said; undefined when none came. */
  policy: { timeBeforeExpiration?: number; graceAuthNsRemaining?: number; error?: number } | undefined;
};

/** The password was right, and nothing more was said. */
export const SUCCESS: BindAnswer = { code: 0, error: undefined, message: undefined, policy: undefined };

/** Invalid credentials (RFC 4511, 49), and nothing more was said. */
export const WRONG_PASSWORD: BindAnswer = {
  code: 49,
  error: 'InvalidCredentialsError',
  message: ' Code: 0x31',
  policy: undefined,
};

/**
 * Binds once, on a connection of its own, and asks for the password policy control.
 * Takes the server's URL (ldap://), the DN or other bind name, and the password.
 * Gives the server's answer; throws when none came.
 */
export async function bindAnswer(url: string, name: string, password: string): Promise<BindAnswer> {
  const client = new Client({ url, timeout: 30_000, connectTimeout: 30_000 });
  const control = new PasswordPolicyControl();
  try {
    await client.bind(name, password, control);
    return { code: 0, error: undefined, message: undefined, policy: control.value };
  } catch (error) {
    if (!(error instanceof ResultCodeError)) throw error;
    return { code: error.code, error: error.name, message: error.message, policy: control.value };
  } finally {
    await client.unbind();
  }
}
