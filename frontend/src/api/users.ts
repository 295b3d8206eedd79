/** Users (teachers and SLT) and the school's default password. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type ListUsersData, listUsers, makeDefaultPassword, readDefaultPassword } from '~/client';

export type { User } from '~/client';

export const usersQuery = (query: ListUsersData['query']) =>
  queryOptions({
    queryKey: ['users', query],
    queryFn: async ({ signal }) => (await listUsers({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export const defaultPasswordQuery = queryOptions({
  queryKey: ['default-password'],
  queryFn: async ({ signal }) => (await readDefaultPassword({ signal, throwOnError: true })).data,
});

export async function newDefaultPassword(): Promise<string> {
  return (await makeDefaultPassword({ throwOnError: true })).data.default_password;
}
