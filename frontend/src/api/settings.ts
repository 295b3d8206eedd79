/** How the product works for the school, each section saved by itself (R29). */
import { type QueryClient, queryOptions } from '@tanstack/react-query';
import {
  type DetailsChange,
  type PupilFieldsChange,
  savePupilFields as putPupilFields,
  type RollUpChange,
  readSettings,
  type SchoolSettings,
  type SignInChange,
  saveRollUpSettings,
  saveSchoolDetails,
  saveSignInSettings,
} from '~/client';

export type {
  DetailsChange,
  DetailsSettings,
  PupilFieldsChange,
  PupilFieldsSettings,
  RollUpSettings,
  SchoolSettings,
  SignInChange,
  SignInSettings,
} from '~/client';

const settingsKey = ['settings'] as const;

/** A section that was shown stays, with what is typed in it, while its service does not answer. */
export const settingsQuery = queryOptions({
  queryKey: settingsKey,
  queryFn: async ({ signal, client }): Promise<SchoolSettings> => {
    const { data } = await readSettings({ signal, throwOnError: true });
    const before = client.getQueryData<SchoolSettings>(settingsKey);
    return {
      ...data,
      details: data.details ?? before?.details ?? null,
      sign_in: data.sign_in ?? before?.sign_in ?? null,
      pupil_fields: data.pupil_fields ?? before?.pupil_fields ?? null,
      roll_up: data.roll_up ?? before?.roll_up ?? null,
    };
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
