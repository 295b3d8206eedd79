/** Who is signed in. The browser holds the cookie; the page knows the session only by asking. */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  type Account,
  openLink,
  readSession,
  type Session,
  setPassword,
  signIn,
  signOut,
} from '~/client';
import { ProblemError } from './problem';

export type { Account, Session };

const sessionKey = ['session'] as const;

/** The session, or null for somebody who is not signed in. */
export const sessionQuery = queryOptions({
  queryKey: sessionKey,
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return (await readSession({ signal, throwOnError: true })).data;
    } catch (error) {
      if (error instanceof ProblemError && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

export function currentSession(queryClient: QueryClient): Session | null | undefined {
  return queryClient.getQueryData(sessionQuery.queryKey);
}

/** Forgets everything that was shown to the last person and keeps the new session, if any. */
export function changeSession(queryClient: QueryClient, session: Session | null): void {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
  queryClient.setQueryData(sessionQuery.queryKey, session);
}

/** The school's name and year groups are part of the session, and may be changed by others. */
const FRESH_MS = 30_000;

/**
 * Asks who is signed in once more, if that was some time ago or it has to be `now`. Who is not any
 * more is told so.
 */
export async function renewSession(queryClient: QueryClient, now = false): Promise<void> {
  const known = queryClient.getQueryState(sessionQuery.queryKey);
  if (!known?.data || !(now || Date.now() - known.dataUpdatedAt >= FRESH_MS)) return;
  await queryClient.prefetchQuery({
    queryKey: [...sessionKey, 'again'],
    queryFn: async ({ signal }) => {
      const session = (await readSession({ signal, throwOnError: true })).data;
      // Nobody is signed in again who has signed out meanwhile. The same account may have been
      // signed in again in another tab; what this one sends needs the new token.
      const same = currentSession(queryClient)?.account.id === session.account.id;
      if (same && session.scope === 'full')
        queryClient.setQueryData(sessionQuery.queryKey, session);
      return session.id;
    },
    staleTime: 0,
    retry: false,
  });
}

export async function signInWith(identifier: string, password: string): Promise<Session> {
  return (await signIn({ body: { identifier, password }, throwOnError: true })).data;
}

export async function signInByLink(token: string): Promise<Session> {
  return (await openLink({ body: { token }, throwOnError: true })).data;
}

export async function setOwnPassword(newPassword: string): Promise<Session> {
  return (await setPassword({ body: { new_password: newPassword }, throwOnError: true })).data;
}

export async function endSession(): Promise<void> {
  // Whoever closes the page at once is signed out all the same.
  await signOut({ throwOnError: true, keepalive: true });
}
