/** What can be done with the users that are selected, on this page and on others. */
import { MOST_USERS_AT_ONCE, selectAllUsers, type User, type UserFilters } from '~/api/users';
import { SelectedRows } from '~/components/SelectedRows';
import type { SelectionState } from '~/components/useSelection';
import { ACTION_NAMES, type Action } from './many-users';

interface SelectedUsersProps {
  /** Those of this page. */
  rows: readonly User[];
  /** How many fit the filters, over all pages. */
  total: number;
  filters: UserFilters;
  selection: SelectionState;
  onAction: (action: Action) => void;
}

const OF_ACTIVE: Action[] = ['make_inactive', 'reset_password', 'link', 'unlink'];
const OF_INACTIVE: Action[] = ['make_active', 'unlink'];

export function SelectedUsers({ filters, ...list }: SelectedUsersProps) {
  return (
    <SelectedRows
      thing="user"
      most={MOST_USERS_AT_ONCE}
      selectAll={() => selectAllUsers(filters)}
      actions={filters.active === false ? OF_INACTIVE : OF_ACTIVE}
      names={ACTION_NAMES}
      {...list}
    />
  );
}
