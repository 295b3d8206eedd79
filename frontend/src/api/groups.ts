/** One group: its details, its people, and what making it inactive means (R13, R14). */
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  addGroup,
  addMember,
  changeGroup,
  changeMembers,
  changeUsersOfGroup,
  type GroupChange,
  type GroupDetail,
  handBackGroupField,
  handBackMember,
  handBackUserLink,
  linkUser,
  type MembersChanged,
  type NewGroup,
  previewMembers,
  previewUsersOfGroup,
  readGroupReach,
  readInactivePupilsOfGroup,
  removeMember,
  unlinkUser,
} from '~/client';
import { ProblemError } from './problem';

export type {
  GroupChange,
  GroupDetail,
  GroupReach,
  GroupRollUp,
  GroupUser,
  LinkBadge,
  Member,
  MemberFate,
  MembersChanged,
  NewGroup,
} from '~/client';

/** As many as can be put in or taken out in one go. */
export const MOST_MEMBERS_AT_ONCE = 500;

export type People = 'users' | 'pupils';
export type LinkChange = 'link' | 'unlink' | 'hand-back';
export type GroupField = 'name' | 'kind' | 'year_group' | 'active';

export async function addOneGroup(body: NewGroup): Promise<GroupDetail> {
  return (await addGroup({ body, throwOnError: true })).data;
}

/** What is not in `body` stays; `expected_version` is the one that was looked at. */
export async function saveGroup(groupId: string, body: GroupChange): Promise<GroupDetail> {
  return (await changeGroup({ path: { group_id: groupId }, body, throwOnError: true })).data;
}

/** The sync may change the field again (R13). */
export async function handBackField(group: GroupDetail, field: GroupField): Promise<GroupDetail> {
  const path = { group_id: group.id, field };
  const query = { expected_version: group.version };
  return (await handBackGroupField({ path, query, throwOnError: true })).data;
}

export const reachQuery = (groupId: string) =>
  queryOptions({
    queryKey: ['roster', 'group', groupId, 'reach'],
    queryFn: async ({ signal }) =>
      (await readGroupReach({ path: { group_id: groupId }, signal, throwOnError: true })).data,
    staleTime: 0,
  });

export const inactivePupilsQuery = (groupId: string, limit: number) =>
  queryOptions({
    queryKey: ['roster', 'group', groupId, 'inactive', limit],
    queryFn: async ({ signal }) => {
      const options = { path: { group_id: groupId }, query: { limit }, signal } as const;
      return (await readInactivePupilsOfGroup({ ...options, throwOnError: true })).data;
    },
    placeholderData: keepPreviousData,
  });

interface OneLink {
  change: LinkChange;
  people: People;
  groupId: string;
  personId: string;
  /** The link's version that was looked at. */
  seen: number;
}

/** By hand, so that no sync undoes it; or handed back to the MIS (R13). */
export async function changeLink({ change, people, groupId, personId, seen }: OneLink) {
  const query = { expected_version: seen };
  if (people === 'users') {
    const options = { path: { group_id: groupId, user_id: personId }, query };
    if (change === 'link') await linkUser({ ...options, throwOnError: true });
    else if (change === 'unlink') await unlinkUser({ ...options, throwOnError: true });
    else await handBackUserLink({ ...options, throwOnError: true });
    return;
  }
  const options = { path: { group_id: groupId, pupil_id: personId }, query };
  if (change === 'link') await addMember({ ...options, throwOnError: true });
  else if (change === 'unlink') await removeMember({ ...options, throwOnError: true });
  else await handBackMember({ ...options, throwOnError: true });
}

export interface ManyLinks {
  people: People;
  groupId: string;
  ids: string[];
  present: boolean;
}

/** What it would do to each. Nothing is changed. */
export async function previewLinks(wanted: ManyLinks): Promise<MembersChanged> {
  const { people, groupId, ids, present } = wanted;
  const path = { group_id: groupId };
  if (people === 'users') {
    const body = { present, user_ids: ids };
    return (await previewUsersOfGroup({ path, body, throwOnError: true })).data;
  }
  const body = { present, pupil_ids: ids };
  return (await previewMembers({ path, body, throwOnError: true })).data;
}

/** All or none, and only as they were looked at. */
export async function changeLinks(
  wanted: ManyLinks,
  looked: MembersChanged,
): Promise<MembersChanged> {
  const { people, groupId, ids, present } = wanted;
  const path = { group_id: groupId };
  const seen = Object.fromEntries(looked.items.map((one) => [one.person_id, one.version]));
  if (people === 'users') {
    const body = { present, seen, user_ids: ids };
    return (await changeUsersOfGroup({ path, body, throwOnError: true })).data;
  }
  const body = { present, seen, pupil_ids: ids };
  return (await changeMembers({ path, body, throwOnError: true })).data;
}

interface NewLink {
  people: People;
  groupId: string;
  personId: string;
}

/** Of two who are not shown as linked: on whatever stands between them now. */
export async function addOneLink({ people, groupId, personId }: NewLink): Promise<void> {
  const wanted: ManyLinks = { people, groupId, ids: [personId], present: true };
  const { items } = await changeLinks(wanted, await previewLinks(wanted));
  const refused = items.find(({ outcome }) => outcome === 'refused');
  if (!refused) return;
  throw new ProblemError(409, {
    type: 'urn:classroom:problem:left-as-they-are',
    title: 'Nothing was changed',
    detail: `${refused.name}: ${refused.reason}`,
  });
}
