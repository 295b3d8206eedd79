/** What an action for many users does, in words: before it is done and after. */
import type { ManyUsersChange, ManyUsersPreview } from '~/api/users';
import { counted } from '~/school/words';

export type Action = ManyUsersChange['action'];

export const ACTION_NAMES: Record<Action, string> = {
  make_inactive: 'Make inactive',
  make_active: 'Make active',
  reset_password: 'Reset passwords',
  link: 'Link to a group',
  unlink: 'Unlink from a group',
};

export const NEEDS_GROUP: ReadonlySet<Action> = new Set(['link', 'unlink']);

/** What doing it means, line by line; nothing for what does not happen. */
export function consequences(action: Action, preview: ManyUsersPreview, group = ''): string[] {
  const { changed, signs_out, sends_links, must_be_reset } = preview;
  if (changed === 0) return ['Nobody is changed by this.'];
  const users = counted(changed, 'user');
  const are = changed === 1 ? 'is' : 'are';
  const out = signs_out > 0 ? [signedOut(signs_out)] : [];
  switch (action) {
    case 'make_inactive':
      return [
        `${users} ${changed === 1 ? 'becomes' : 'become'} inactive and cannot sign in. Everything they had is kept.`,
        ...out,
      ];
    case 'make_active':
      return [
        `${users} can sign in again, with the password, the details and the groups that they had.`,
        ...(must_be_reset > 0
          ? [
              `${must_be_reset} of them will need a password reset first: what they were waiting with has lapsed.`,
            ]
          : []),
      ];
    case 'reset_password':
      return resets(changed, sends_links, out);
    case 'link':
      return [`${users} ${are} linked to ${group} by hand. The MIS sync does not undo it.`];
    case 'unlink':
      return [
        `${users} ${are} unlinked from ${group} by hand. The MIS sync does not link them again.`,
      ];
  }
}

function resets(changed: number, sends_links: number, out: string[]): string[] {
  const toDefault = changed - sends_links;
  return [
    `The password of ${counted(changed, 'user')} opens nothing any more.`,
    ...(toDefault > 0
      ? [
          `${counted(toDefault, 'user')} will sign in with the school’s default password, which works for 14 days, and then choose their own.`,
        ]
      : []),
    ...(sends_links > 0
      ? [`${counted(sends_links, 'head or deputy', 'heads and deputies')} will be sent a link.`]
      : []),
    ...out,
  ];
}

function signedOut(count: number): string {
  return count === 1
    ? '1 is signed in now, and is signed out at once.'
    : `${count} are signed in now, and are signed out at once.`;
}

/** What was done. */
export function doneInWords(action: Action, changed: number, group = ''): string {
  const was = changed === 1 ? '1 user was' : `${counted(changed, 'user')} were`;
  switch (action) {
    case 'make_inactive':
      return `${was} made inactive.`;
    case 'make_active':
      return `${was} made active.`;
    case 'reset_password':
      return changed === 1
        ? '1 password was reset.'
        : `${counted(changed, 'password')} were reset.`;
    case 'link':
      return `${was} linked to ${group}.`;
    case 'unlink':
      return `${was} unlinked from ${group}.`;
  }
}
