/** The activity log: who did what, when (R9). */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { type Activity, type ListActivityData, listActivity, readActivityChoices } from '~/client';
import { fileOf } from './file';

export type { Activity } from '~/client';

type Query = NonNullable<ListActivityData['query']>;

/** What the log can be filtered by. */
export type ActivityFilters = Omit<Query, 'limit' | 'cursor' | 'sort' | 'together' | 'event_id'>;

export const activityQuery = (query: Query) =>
  queryOptions({
    queryKey: ['activity', query],
    queryFn: async ({ signal }) => (await listActivity({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export const activityChoicesQuery = queryOptions({
  queryKey: ['activity-choices'],
  queryFn: async ({ signal }) => (await readActivityChoices({ signal, throwOnError: true })).data,
});

/** Where the browser fetches the filtered log as a file; the session's cookie goes with it. */
export function activityFile(filters: ActivityFilters): string {
  return fileOf('/api/activity/export', filters);
}

/** Each of the entries that one line stands for, some at a time. */
export const activityOfOneGo = (line: Activity, filters: ActivityFilters) =>
  infiniteQueryOptions({
    queryKey: ['activity', 'one-go', line.event_id, line.action, filters],
    queryFn: async ({ signal, pageParam: cursor }) => {
      const { event_id, action } = line;
      const query = { ...filters, event_id, action, cursor, limit: 50 };
      return (await listActivity({ query, signal, throwOnError: true })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
