/** The home page, which the gateway puts together from several services. */
import { queryOptions } from '@tanstack/react-query';
import { readHome } from '~/client';

export type { AdminHome, UserHome } from '~/client';

export const homeQuery = queryOptions({
  queryKey: ['home'],
  queryFn: async ({ signal }) => (await readHome({ signal, throwOnError: true })).data,
});
