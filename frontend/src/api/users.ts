/** Users (teachers and SLT), their groups, and the school's default password. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  addUser,
  changeUser,
  handBackUserLink,
  type ListUsersData,
  linkUser,
  listUsers,
  makeDefaultPassword,
  type NewUser,
  readDefaultPassword,
  readUser,
  resetUserPassword,
  setUserActive,
  type User,
  type UserChanges,
  unlinkUser,
} from '~/client';

export type { GroupReference, NewUser, PasswordWasReset, User } from '~/client';

export const usersQuery = (query: ListUsersData['query']) =>
  queryOptions({
    queryKey: ['users', query],
    queryFn: async ({ signal }) => (await listUsers({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export const userQuery = (userId: string) =>
  queryOptions({
    queryKey: ['users', 'one', userId],
    queryFn: async ({ signal }) =>
      (await readUser({ path: { user_id: userId }, signal, throwOnError: true })).data,
  });

export async function addOneUser(body: NewUser): Promise<User> {
  return (await addUser({ body, throwOnError: true })).data;
}

/** What is not in `changes` stays; `expected_version` is the one that was looked at. */
export async function saveUser(userId: string, changes: UserChanges): Promise<User> {
  const path = { user_id: userId };
  return (await changeUser({ path, body: changes, throwOnError: true })).data;
}

export async function makeActive(userId: string, active: boolean): Promise<User> {
  const path = { user_id: userId };
  return (await setUserActive({ path, body: { active }, throwOnError: true })).data;
}

export async function resetPassword(userId: string) {
  return (await resetUserPassword({ path: { user_id: userId }, throwOnError: true })).data;
}

export type LinkChange = 'link' | 'unlink' | 'hand-back';

/** By hand, so that no sync undoes it; or handed back to the MIS (R13). */
export async function changeLink(change: LinkChange, userId: string, groupId: string) {
  const options = { path: { user_id: userId, group_id: groupId }, throwOnError: true } as const;
  if (change === 'link') await linkUser(options);
  else if (change === 'unlink') await unlinkUser(options);
  else await handBackUserLink(options);
}

export const defaultPasswordQuery = queryOptions({
  queryKey: ['default-password'],
  queryFn: async ({ signal }) => (await readDefaultPassword({ signal, throwOnError: true })).data,
});

export async function newDefaultPassword(): Promise<string> {
  return (await makeDefaultPassword({ throwOnError: true })).data.default_password;
}
