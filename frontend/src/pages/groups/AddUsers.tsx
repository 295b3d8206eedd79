/** Linking users to a group: found and ticked, looked through, then done (R13, R14). */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type GroupDetail, MOST_MEMBERS_AT_ONCE } from '~/api/groups';
import { type User, usersQuery } from '~/api/users';
import { Dialog } from '~/components/Dialog';
import { useSelection } from '~/components/useSelection';
import { LookAndDo } from './ManyLinksDialog';
import { type Found, PeopleChooser } from './PeopleChooser';

const SHOWN = 50;

interface AddUsersProps {
  group: GroupDetail;
  onClose: () => void;
}

export function AddUsers({ group, onClose }: AddUsersProps) {
  const [search, setSearch] = useState<string>();
  const [looking, setLooking] = useState(false);
  const selection = useSelection(group.id);
  const users = useQuery(usersQuery({ search, active: true, sort: 'surname', limit: SHOWN }));
  return (
    <Dialog opened onClose={onClose} title={`Add users to ${group.name}`} size="lg">
      {looking ? (
        <LookAndDo
          group={group}
          people="users"
          ids={[...selection.selected]}
          present
          onClose={onClose}
          onDone={onClose}
          onBack={() => setLooking(false)}
        />
      ) : (
        <PeopleChooser
          thing="user"
          searchLabel="Search by name, username or e-mail"
          onSearch={setSearch}
          found={users.data?.items.map(found)}
          total={users.data?.total ?? 0}
          error={users.error}
          selection={selection}
          most={MOST_MEMBERS_AT_ONCE}
          onCancel={onClose}
          onNext={() => setLooking(true)}
        />
      )}
    </Dialog>
  );
}

function found(user: User): Found {
  const given = [user.title, user.forename].filter(Boolean).join(' ');
  const role = user.role === 'slt' ? 'SLT' : 'Teacher';
  return {
    id: user.id,
    name: `${user.surname}, ${given}`,
    about: [role, user.username, ...user.groups.map(({ name }) => name)].join(', '),
  };
}
