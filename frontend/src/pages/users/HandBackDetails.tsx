/** A user's details that were set by hand, left to the MIS again one by one (R13). */
import { handBackDetail, type User } from '~/api/users';
import { HandBackDialog } from '~/components/HandBackDialog';
import { DETAIL_NAMES, detailsSetByHand } from './user-form';

export function HandBackDetails({ user }: { user: User }) {
  return (
    <HandBackDialog
      details={detailsSetByHand(user.overrides).map((name) => ({
        name,
        label: capitalised(DETAIL_NAMES[name]),
        spoken: DETAIL_NAMES[name],
        value: user[name] ?? 'Empty',
      }))}
      handBack={(name) => handBackDetail(user, name)}
      touched={['users']}
      done="Done"
    />
  );
}

function capitalised(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
