/** Staff and parents sign in on pages of their own, with the same form. */
import type { Account } from '~/api/session';

export type Door = 'staff' | 'parent';

export const SIGN_IN = { staff: '/sign-in', parent: '/parents/sign-in' } as const;
export const FORGOTTEN = {
  staff: '/forgotten-password',
  parent: '/parents/forgotten-password',
} as const;

export function doorOf(account: Account | undefined): Door {
  return account?.kind === 'parent' ? 'parent' : 'staff';
}

/** Which of the two somebody wants who asks for a page without being signed in. */
export function doorTo(path: string): Door {
  return /^\/(children|confirm-children)(\/|$|\?)/.test(path) ? 'parent' : 'staff';
}
