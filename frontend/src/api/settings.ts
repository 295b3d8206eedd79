/** How the product works for the school, each section saved by itself (R29). */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  type DetailsChange,
  type PupilFieldsChange,
  savePupilFields as putPupilFields,
  saveScale as putScale,
  saveSubjects as putSubjects,
  saveTerms as putTerms,
  type RollUpChange,
  readSettings,
  type ScaleChange,
  type SchoolSettings,
  type SignInChange,
  type SubjectsChange,
  type SyncChange,
  saveRollUpSettings,
  saveSchoolDetails,
  saveSignInSettings,
  saveSyncSettings,
  type TermsChange,
} from '~/client';

export type {
  DetailsChange,
  DetailsSettings,
  PupilFieldsChange,
  PupilFieldsSettings,
  RollUpSettings,
  ScaleSettings,
  SchoolSettings,
  SignInChange,
  SignInSettings,
  SubjectsSettings,
  SyncSettings,
  TermsSettings,
} from '~/client';

const settingsKey = ['settings'] as const;

/** A section that was shown stays, with what is typed in it, while its service does not answer. */
export const settingsQuery = queryOptions({
  queryKey: settingsKey,
  queryFn: async ({ signal, client }): Promise<SchoolSettings> => {
    const { data } = await readSettings({ signal, throwOnError: true });
    const before = client.getQueryData<SchoolSettings>(settingsKey);
    const here = Object.entries(data).filter(([, part]) => part !== null);
    return { ...data, ...before, ...Object.fromEntries(here) };
  },
});

/** What a saved section is now, for whoever shows it, without asking again. */
export function keepSection(queryClient: QueryClient, section: Partial<SchoolSettings>): void {
  queryClient.setQueryData(settingsQuery.queryKey, (all) => all && { ...all, ...section });
}

export async function saveDetails(body: DetailsChange) {
  return (await saveSchoolDetails({ body, throwOnError: true })).data;
}

export async function saveSignIn(body: SignInChange) {
  return (await saveSignInSettings({ body, throwOnError: true })).data;
}

export async function savePupilFields(body: PupilFieldsChange) {
  return (await putPupilFields({ body, throwOnError: true })).data;
}

export async function saveRollUp(body: RollUpChange) {
  return (await saveRollUpSettings({ body, throwOnError: true })).data;
}

export async function saveSubjects(body: SubjectsChange) {
  return (await putSubjects({ body, throwOnError: true })).data;
}

export async function saveTerms(body: TermsChange) {
  return (await putTerms({ body, throwOnError: true })).data;
}

export async function saveScale(body: ScaleChange) {
  return (await putScale({ body, throwOnError: true })).data;
}

export async function saveSync(body: SyncChange) {
  return (await saveSyncSettings({ body, throwOnError: true })).data;
}
