/** Parents, their children and their invitations. */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  addParent,
  changeParent,
  inviteParents,
  type ListParentsData,
  linkChild,
  listParents,
  type NewParent,
  type Parent,
  type ParentChanges,
  readParent,
  sendParentLink,
  setParentActive,
  setParentsActive,
  unlinkChild,
} from '~/client';
import { fileOf } from './file';

export type { NewParent, Parent, ParentChild, ParentLinkSent } from '~/client';

type Query = NonNullable<ListParentsData['query']>;

export const parentsQuery = (query: Query) =>
  queryOptions({
    queryKey: ['parents', query],
    queryFn: async ({ signal }) => (await listParents({ query, signal, throwOnError: true })).data,
    placeholderData: keepPreviousData,
  });

export const parentQuery = (parentId: string) =>
  queryOptions({
    queryKey: ['parents', 'one', parentId],
    queryFn: async ({ signal }) =>
      (await readParent({ path: { parent_id: parentId }, signal, throwOnError: true })).data,
  });

export async function addOneParent(body: NewParent): Promise<Parent> {
  return (await addParent({ body, throwOnError: true })).data;
}

/** What is not in `changes` stays; `expected_version` is the one that was looked at. */
export async function saveParent(parentId: string, body: ParentChanges): Promise<Parent> {
  return (await changeParent({ path: { parent_id: parentId }, body, throwOnError: true })).data;
}

export async function makeParentActive(parentId: string, active: boolean): Promise<Parent> {
  const path = { parent_id: parentId };
  return (await setParentActive({ path, body: { active }, throwOnError: true })).data;
}

export async function makeParentsActive(ids: string[], active: boolean): Promise<number> {
  return (await setParentsActive({ body: { ids, active }, throwOnError: true })).data.changed;
}

/** An invitation, or for who has a password a link for a new one. */
export async function sendLink(parentId: string) {
  return (await sendParentLink({ path: { parent_id: parentId }, throwOnError: true })).data;
}

export async function inviteAgain(ids: string[]) {
  return (await inviteParents({ body: { ids }, throwOnError: true })).data;
}

/** All whose invitation has lapsed, or who never had one; a hundred at a time; how many were. */
export async function inviteAll(state: 'lapsed' | 'not_invited'): Promise<number> {
  let sent = 0;
  for (;;) {
    const { data } = await inviteParents({ body: { [state]: true }, throwOnError: true });
    sent += data.sent;
    if (data.left === 0 || data.sent === 0) return sent;
  }
}

export async function changeChild(change: 'link' | 'unlink', parentId: string, pupilId: string) {
  const options = {
    path: { parent_id: parentId, pupil_id: pupilId },
    throwOnError: true,
  } as const;
  return (await (change === 'link' ? linkChild(options) : unlinkChild(options))).data;
}

/** Where the browser fetches the filtered list as a file; the session's cookie goes with it. */
export function parentsFile(filters: Omit<Query, 'limit' | 'cursor' | 'sort'>): string {
  return fileOf('/api/parents/export', filters);
}
