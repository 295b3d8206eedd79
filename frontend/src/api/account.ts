/** My account: where one is signed in, one's own password, and a forgotten one. */
import { queryOptions } from '@tanstack/react-query';
import { askForLink, endOwnSession, listOwnSessions, type Session, setPassword } from '~/client';

export type { OwnSession } from '~/client';

export const ownSessionsQuery = queryOptions({
  queryKey: ['own-sessions'],
  queryFn: async ({ signal }) => (await listOwnSessions({ signal, throwOnError: true })).data.items,
});

export async function endOneSession(id: string): Promise<void> {
  await endOwnSession({ path: { session_id: id }, throwOnError: true });
}

export async function changeOwnPassword(current: string, wanted: string): Promise<Session> {
  const body = { current_password: current, new_password: wanted };
  return (await setPassword({ body, throwOnError: true })).data;
}

/** Answered in the same way whether or not there is such an account. */
export async function askForPasswordLink(
  identifier: string,
  door: 'staff' | 'parent',
): Promise<void> {
  await askForLink({ body: { identifier, door }, throwOnError: true });
}
