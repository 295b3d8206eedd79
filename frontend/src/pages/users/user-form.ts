/** A user's details as a form has them, where nothing is '' and role and leadership are one. */
import type { NewUser, User } from '~/api/users';

export type Position = 'teacher' | 'slt' | 'deputy' | 'head';

export interface UserValues {
  title: string;
  forename: string;
  surname: string;
  email: string;
  staff_code: string;
  position: Position;
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
