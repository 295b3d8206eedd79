/** Pupils and groups, a page at a time. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  type ListGroupsData,
  type ListPupilsData,
  listGroups,
  listPupils,
  readGroup,
} from '~/client';

export type { Group, GroupUser, Pupil } from '~/client';

export const pupilsQuery = (query: ListPupilsData['query']) =>
  queryOptions({
    queryKey: ['roster', 'pupils', query],
    queryFn: async ({ signal }) => (await listPupils({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

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
