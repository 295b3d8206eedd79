/** Users (teachers and SLT), their groups, and the school's default password. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  addUser,
  changeManyUsers,
  changeUser,
  handBackUserDetail,
  type ListUsersData,
  listUsers,
  type ManyUsersChange,
  makeDefaultPassword,
  type NewUser,
  previewManyUsers,
  type Replacement,
  readDefaultPassword,
  readUser,
  replaceUser,
  resetUserPassword,
  selectUsers,
  setUserActive,
  type User,
  type UserChanges,
} from '~/client';
import { fileOf } from './file';

export type {
  GroupReference,
  ManyUsersChange,
  ManyUsersChanged,
  ManyUsersPreview,
  NewUser,
  PasswordWasReset,
  User,
  UserFate,
} from '~/client';

/** As many as can be changed in one go. */
export const MOST_USERS_AT_ONCE = 500;

/** What the list can be filtered by. */
export type UserFilters = Omit<NonNullable<ListUsersData['query']>, 'limit' | 'cursor' | 'sort'>;

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

/** A new account with another username; the one of `userId` becomes inactive (R7). */
export async function replaceOneUser(userId: string, body: Replacement): Promise<User> {
  return (await replaceUser({ path: { user_id: userId }, body, throwOnError: true })).data;
}

export type Detail = 'title' | 'forename' | 'surname' | 'email' | 'staff_code';

/** The sync may change the detail again (R13). */
export async function handBackDetail(user: User, detail: Detail): Promise<User> {
  const path = { user_id: user.id, detail };
  const query = { expected_version: user.version };
  return (await handBackUserDetail({ path, query, throwOnError: true })).data;
}

/** The ids of all that fit, up to as many as can be changed in one go. */
export async function selectAllUsers(filters: UserFilters): Promise<string[]> {
  return (await selectUsers({ query: filters, throwOnError: true })).data.ids;
}

export async function consequencesForUsers(body: ManyUsersChange) {
  return (await previewManyUsers({ body, throwOnError: true })).data;
}

export async function changeUsers(body: ManyUsersChange) {
  return (await changeManyUsers({ body, throwOnError: true })).data;
}

/** Where the browser fetches the filtered list as a file; the session's cookie goes with it. */
export function usersFile(filters: UserFilters): string {
  return fileOf('/api/users/export', filters);
}

export async function makeActive(userId: string, active: boolean): Promise<User> {
  const path = { user_id: userId };
  return (await setUserActive({ path, body: { active }, throwOnError: true })).data;
}

export async function resetPassword(userId: string) {
  return (await resetUserPassword({ path: { user_id: userId }, throwOnError: true })).data;
}

export const defaultPasswordQuery = queryOptions({
  queryKey: ['default-password'],
  queryFn: async ({ signal }) => (await readDefaultPassword({ signal, throwOnError: true })).data,
});

export async function newDefaultPassword(): Promise<string> {
  return (await makeDefaultPassword({ throwOnError: true })).data.default_password;
}
