/** The groups of a user: linked, unlinked and handed back to the MIS (R13). */
import type { GroupReference, User } from '~/api/users';
import { GroupsOfPerson } from '~/components/GroupsOfPerson';
import { BY_HAND_STAYS, UNLINKING } from '~/components/link-by-hand';
import { yearGroupName } from '~/school/words';

interface UserGroupsProps {
  user: User;
  /** Groups that were taken off the user by hand. */
  unlinked: readonly GroupReference[];
}

const WORDS = {
  ...UNLINKING,
  none: 'Linked to no group.',
  linked: 'Linked groups',
  add: 'Link another group',
  addOne: 'Link',
};

export function UserGroups({ user, unlinked }: UserGroupsProps) {
  return (
    <GroupsOfPerson
      people="users"
      personId={user.id}
      groups={user.groups}
      unlinked={unlinked}
      words={WORDS}
      touched={['users', 'roster']}
      about={({ year_group: year }) => year && yearGroupName(year)}
    >
      The pupils of these groups are the ones that a teacher sees. {BY_HAND_STAYS}
    </GroupsOfPerson>
  );
}
