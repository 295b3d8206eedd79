/** A user's details as a form has them, where nothing is '' and role and leadership are one. */
import type { Detail, NewUser, User } from '~/api/users';

export type Position = 'teacher' | 'slt' | 'deputy' | 'head';

export interface UserValues {
  title: string;
  forename: string;
  surname: string;
  email: string;
  staff_code: string;
  position: Position;
}

/** What the sync would keep up to date, as a sentence names it. */
export const DETAIL_NAMES: Record<Detail, string> = {
  title: 'title',
  forename: 'first name',
  surname: 'surname',
  email: 'e-mail address',
  staff_code: 'staff code',
};

/** Those of a user's details that were set by hand (R13), in the order of the form. */
export function detailsSetByHand(overrides: readonly string[]): Detail[] {
  return (Object.keys(DETAIL_NAMES) as Detail[]).filter((detail) => overrides.includes(detail));
}

export const NOBODY: UserValues = {
  title: '',
  forename: '',
  surname: '',
  email: '',
  staff_code: '',
  position: 'teacher',
};

export function valuesOf(user: User): UserValues {
  return {
    title: user.title ?? '',
    forename: user.forename,
    surname: user.surname,
    email: user.email ?? '',
    staff_code: user.staff_code ?? '',
    position: user.leadership ?? user.role,
  };
}

/** What is sent: a detail that is left empty is taken away. */
export function detailsOf(values: UserValues): Required<NewUser> {
  const leads = values.position === 'head' || values.position === 'deputy';
  return {
    title: values.title.trim() || null,
    forename: values.forename.trim(),
    surname: values.surname.trim(),
    email: values.email.trim() || null,
    staff_code: values.staff_code.trim() || null,
    role: values.position === 'teacher' ? 'teacher' : 'slt',
    leadership: leads ? (values.position as 'head' | 'deputy') : null,
  };
}
