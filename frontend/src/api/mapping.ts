/** MIS Mapping: what differs, what is mapped, who is not here, and what saving would do (R18–R20). */
import { keepPreviousData, type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  changeMapping,
  type Decision,
  type Difference,
  type ListMappedData,
  type ListNotHereData,
  listDifferences,
  listMapped,
  listNotHere,
  type MappingChange,
  previewMapping,
  previewMappingChanges,
  saveMapping,
} from '~/client';
import { fileOf } from './file';

export type {
  Decision,
  Difference,
  MappedRecord,
  MappingChange,
  MappingPreview,
  MappingResult,
  NotHere,
  NotHereCount,
} from '~/client';

const LARGEST_PAGE = 200;

/** Every difference in a state: the page decides about the whole of them, so it needs them all. */
export const differencesQuery = (state: 'open' | 'ignored') =>
  queryOptions({
    queryKey: ['mis', 'differences', state],
    queryFn: async ({ signal }): Promise<Difference[]> => {
      const items: Difference[] = [];
      let cursor: string | null | undefined;
      do {
        const query = { state, cursor, limit: LARGEST_PAGE };
        const { data } = await listDifferences({ query, signal, throwOnError: true });
        items.push(...data.items);
        cursor = data.next_cursor;
      } while (cursor);
      return items;
    },
  });

type MappedFilters = NonNullable<ListMappedData['query']>;

/** What is mapped, a page at a time. */
export const mappedQuery = (query: MappedFilters) =>
  queryOptions({
    queryKey: ['mis', 'mapped', query],
    queryFn: async ({ signal }) => (await listMapped({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export type NotHereFilters = NonNullable<ListNotHereData['query']>;

/** Who is in the MIS and not here, a page at a time. */
export const notHereQuery = (query: NotHereFilters) =>
  queryOptions({
    queryKey: ['mis', 'not-here', query],
    queryFn: async ({ signal }) => (await listNotHere({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

/** The address of the same list as a file. */
export function notHereFile(filters: Pick<NotHereFilters, 'kind' | 'because' | 'search'>): string {
  return fileOf('/api/mis/not-here/export', filters);
}

/** What saving would do. */
export async function consequencesOf(decisions: Decision[]) {
  return (await previewMapping({ body: { decisions }, throwOnError: true })).data;
}

export async function saveDecisions(decisions: Decision[]) {
  return (await saveMapping({ body: { decisions }, throwOnError: true })).data;
}

/** What changing what is mapped would do. */
export async function consequencesOfChanges(changes: MappingChange[]) {
  return (await previewMappingChanges({ body: { changes }, throwOnError: true })).data;
}

export async function saveChanges(changes: MappingChange[]) {
  return (await changeMapping({ body: { changes }, throwOnError: true })).data;
}

/** Somebody else was faster: everything is asked again but what is being looked through. */
export function refreshButPreview(queryClient: QueryClient): void {
  void queryClient.invalidateQueries({
    predicate: ({ queryKey }) => queryKey[0] !== 'session' && queryKey[1] !== 'preview',
  });
}

/** The gateway takes no more in one request. */
export const MOST_DECISIONS_AT_ONCE = 500;
