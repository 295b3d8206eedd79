/** One pupil: details, groups, parents, and what happened to them. */
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import {
  addPupil,
  changePupil,
  handBackPupilField,
  listActivity,
  type NewPupil,
  type PupilChange,
  type PupilDetail,
  readPupil,
  readPupilFields,
} from '~/client';

export type { NewPupil, PupilChange, PupilDetail, PupilField, PupilParent } from '~/client';

export const pupilQuery = (pupilId: string) =>
  queryOptions({
    queryKey: ['roster', 'pupils', 'one', pupilId],
    queryFn: async ({ signal }) =>
      (await readPupil({ path: { pupil_id: pupilId }, signal, throwOnError: true })).data,
  });

/** What the school keeps of a pupil, with the codes and what they are called. */
export const pupilFieldsQuery = queryOptions({
  queryKey: ['roster', 'pupil-fields'],
  queryFn: async ({ signal }) => (await readPupilFields({ signal, throwOnError: true })).data.items,
});

/** What happened to one pupil, with coming to groups and leaving them, newest first. */
export const pupilHistoryQuery = (pupilId: string) =>
  infiniteQueryOptions({
    queryKey: ['activity', 'about', pupilId],
    queryFn: async ({ signal, pageParam: cursor }) => {
      const query = { about: pupilId, cursor, limit: 20 };
      return (await listActivity({ query, signal, throwOnError: true })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });

export async function addOnePupil(body: NewPupil): Promise<PupilDetail> {
  return (await addPupil({ body, throwOnError: true })).data;
}

/** What is not in `body` stays; `expected_version` is the one that was looked at. */
export async function savePupil(pupilId: string, body: PupilChange): Promise<PupilDetail> {
  return (await changePupil({ path: { pupil_id: pupilId }, body, throwOnError: true })).data;
}

/** The sync may change the field again (R13). */
export async function handBackField(pupil: PupilDetail, field: string): Promise<PupilDetail> {
  const path = { pupil_id: pupil.id, field };
  const query = { expected_version: pupil.version };
  return (await handBackPupilField({ path, query, throwOnError: true })).data;
}
