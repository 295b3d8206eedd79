/** What is found of pupils, groups and users. */
import { queryOptions } from '@tanstack/react-query';
import { search } from '~/client';

export type { FoundGroup, FoundPupil, FoundUser, SearchResults } from '~/client';

/** Fewer characters are asked of nobody. */
export const FEWEST = 2;

/** Each text has an answer of its own, so that a late one never stands for another. */
export const searchQuery = (q: string) =>
  queryOptions({
    queryKey: ['search', q],
    queryFn: async ({ signal }) =>
      (await search({ query: { q }, signal, throwOnError: true })).data,
    gcTime: 60_000,
    retry: false,
  });
