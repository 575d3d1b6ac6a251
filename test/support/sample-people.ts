import { expect } from '@jest/globals';
import { type BindAnswer, bindAnswer } from './bind-answer.ts';

/** The sample people of a directory that `server` gives once it is started: below ou=people, with `UID-secret`. */
export function samplePeople(server: () => { readonly url: string; readonly baseDn: string }) {
  const dnOf = (uid: string) => `uid=${uid},ou=people,${server().baseDn}`;
  const bind = (uid: string, password: string) => bindAnswer(server().url, dnOf(uid), password);
  return {
    dnOf,
    bind,
    /** Expects these answers to somebody's right password and to a wrong one. */
    async expectAnswers(uid: string, right: BindAnswer, wrong: BindAnswer): Promise<void> {
      expect(await bind(uid, `${uid}-secret`)).toEqual(right);
      expect(await bind(uid, 'wrong')).toEqual(wrong);
    },
    /** What `searchAsService` takes to search as one of them. */
    accessOf: (uid: string) => ({
      url: server().url,
      serviceDn: dnOf(uid),
      servicePassword: `${uid}-secret`,
    }),
  };
}
