/** Two-step sign-in: the code after the password, authenticators, recovery codes (R1, R29). */
import { queryOptions } from '@tanstack/react-query';
import {
  beginAuthenticator,
  confirmAuthenticator,
  doTwoStep,
  makeRecoveryCodes,
  readTwoStep,
  readUserTwoStep,
  removeAuthenticator,
  renameAuthenticator,
  resetUserTwoStep,
  type SecondStep,
  type Session,
  type TwoStepProof,
} from '~/client';

export type { Authenticator, AuthenticatorBegun, SetUpDone, TwoStepProof } from '~/client';

export async function giveCode(body: SecondStep): Promise<Session> {
  return (await doTwoStep({ body, throwOnError: true })).data;
}

export const twoStepQuery = queryOptions({
  queryKey: ['two-step'],
  queryFn: async ({ signal }) => (await readTwoStep({ signal, throwOnError: true })).data,
});

/** The key of a new authenticator, told this once. */
export async function newAuthenticator(name: string, proof: TwoStepProof = {}) {
  return (await beginAuthenticator({ body: { name, ...proof }, throwOnError: true })).data;
}

/** Its first code: it works from now on, and another session takes the place of this one. */
export async function giveFirstCode(id: string, code: string) {
  const path = { authenticator_id: id };
  return (await confirmAuthenticator({ path, body: { code }, throwOnError: true })).data;
}

export async function nameAuthenticator(id: string, name: string, expected_version: number) {
  const path = { authenticator_id: id };
  const body = { name, expected_version };
  return (await renameAuthenticator({ path, body, throwOnError: true })).data;
}

export async function takeAwayAuthenticator(id: string, body: TwoStepProof): Promise<void> {
  await removeAuthenticator({ path: { authenticator_id: id }, body, throwOnError: true });
}

/** Told this once; the old ones open nothing any more. */
export async function newRecoveryCodes(body: TwoStepProof): Promise<string[]> {
  return (await makeRecoveryCodes({ body, throwOnError: true })).data.recovery_codes;
}

export const userTwoStepQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', 'two-step', userId],
    queryFn: async ({ signal }) =>
      (await readUserTwoStep({ path: { user_id: userId }, signal, throwOnError: true })).data,
  });

export async function takeTwoStepAway(userId: string): Promise<void> {
  await resetUserTwoStep({ path: { user_id: userId }, throwOnError: true });
}
