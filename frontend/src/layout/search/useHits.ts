/** Searches as somebody types: people and groups on the server, help in the browser. */
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { FEWEST, searchQuery } from '~/api/search';
import type { Account } from '~/api/session';
import { useReaders } from '~/pages/help/useReaders';
import { type HitGroup, hitGroups } from './hits';

const SETTLED_MS = 250;

export interface Hits {
  groups: HitGroup[];
  /** What was found is of an earlier text, or has not come. */
  searching: boolean;
  /** Names what could not be searched. */
  missing?: string;
}

export function useHits(text: string, account: Account): Hits {
  const typed = text.trim();
  const [settled] = useDebouncedValue(typed, SETTLED_MS);
  const wanted = settled.length >= FEWEST && typed.length >= FEWEST;
  const readers = useReaders();
  const school = useQuery({
    ...searchQuery(settled),
    enabled: wanted && account.kind !== 'parent',
  });
  const help = useQuery({
    queryKey: ['help', 'search', readers, settled],
    queryFn: async () => (await import('~/help/search-help')).searchHelp(settled, readers),
    enabled: wanted,
    placeholderData: keepPreviousData,
    gcTime: 60_000,
  });
  if (!wanted) return { groups: [], searching: typed.length >= FEWEST };
  return {
    groups: hitGroups(settled, account, school.data, help.data ?? []),
    searching: typed !== settled || school.isLoading || help.isFetching,
    missing: missing(school.isError, school.data?.unavailable ?? []),
  };
}

function missing(failed: boolean, unavailable: readonly string[]): string | undefined {
  const roster = unavailable.includes('roster');
  const identity = unavailable.includes('identity');
  if (failed || (roster && identity)) return 'Only help could be searched just now.';
  if (roster) return 'Pupils and groups could not be searched just now.';
  return identity ? 'Users could not be searched just now.' : undefined;
}
