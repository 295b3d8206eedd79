/** Pupils and groups, a page at a time. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  changeManyPupils,
  type ListGroupsData,
  type ListPupilsData,
  listGroups,
  listPupils,
  type ManyPupilsChange,
  previewManyPupils,
  readGroup,
  selectPupils,
} from '~/client';
import { fileOf } from './file';

export type { Group, GroupUser, ManyPupilsChange, ManyPupilsPreview, Pupil } from '~/client';

/** As many as can be changed in one go. */
export const MOST_PUPILS_AT_ONCE = 2000;

/** What the list can be filtered by. */
export type PupilFilters = Omit<NonNullable<ListPupilsData['query']>, 'limit' | 'cursor' | 'sort'>;

export const pupilsQuery = (query: ListPupilsData['query']) =>
  queryOptions({
    queryKey: ['roster', 'pupils', query],
    queryFn: async ({ signal }) => (await listPupils({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

/** The ids of all that fit, up to as many as can be changed in one go. */
export async function selectAllPupils(filters: PupilFilters): Promise<string[]> {
  return (await selectPupils({ query: filters, throwOnError: true })).data.ids;
}

export async function consequencesForPupils(body: ManyPupilsChange) {
  return (await previewManyPupils({ body, throwOnError: true })).data;
}

export async function changePupils(body: ManyPupilsChange) {
  return (await changeManyPupils({ body, throwOnError: true })).data;
}

/** Where the browser fetches the filtered list as a file; the session's cookie goes with it. */
export function pupilsFile(filters: PupilFilters): string {
  return fileOf('/api/pupils/export', filters);
}

export const groupsQuery = (query: ListGroupsData['query']) =>
  queryOptions({
    queryKey: ['roster', 'groups', query],
    queryFn: async ({ signal }) => (await listGroups({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export const groupQuery = (groupId: string) =>
  queryOptions({
    queryKey: ['roster', 'group', groupId],
    queryFn: async ({ signal }) =>
      (await readGroup({ path: { group_id: groupId }, signal, throwOnError: true })).data,
  });
