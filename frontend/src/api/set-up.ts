/** The set-up guide: what the school's data show to be done, asked anew whenever it is looked at. */
import { queryOptions } from '@tanstack/react-query';
import { putSetUpAway, readSetUp } from '~/client';

export type { SetUp, SetUpStep } from '~/client';

export const setUpQuery = queryOptions({
  queryKey: ['set-up'],
  queryFn: async ({ signal }) => (await readSetUp({ signal, throwOnError: true })).data,
  staleTime: 0,
  refetchOnMount: 'always',
  refetchOnWindowFocus: 'always',
});

export async function putGuideAway(away: boolean): Promise<void> {
  await putSetUpAway({ body: { put_away: away }, throwOnError: true });
}
