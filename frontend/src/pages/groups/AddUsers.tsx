/** Which users to link to a group: by name, username or e-mail (R14). */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { GroupDetail } from '~/api/groups';
import { type User, usersQuery } from '~/api/users';
import { AddPeople } from './AddPeople';
import type { Found } from './PeopleChooser';

const SHOWN = 50;

interface AddUsersProps {
  group: GroupDetail;
  onClose: () => void;
}

export function AddUsers({ group, onClose }: AddUsersProps) {
  const [search, setSearch] = useState<string>();
  const users = useQuery(usersQuery({ search, active: true, sort: 'surname', limit: SHOWN }));
  return (
    <AddPeople
      group={group}
      people="users"
      searchLabel="Search by name, username or e-mail"
      onSearch={setSearch}
      found={users.data?.items.map(found)}
      total={users.data?.total}
      error={users.error}
      onClose={onClose}
    />
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
