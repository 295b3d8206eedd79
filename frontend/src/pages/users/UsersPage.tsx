/** User Management: teachers and SLT, their groups, and who still waits for a password of their own. */
import { EmptyState, Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { FileUp, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { defaultPasswordQuery, type User, usersFile, usersQuery } from '~/api/users';
import { columnsOf, DataTable } from '~/components/DataTable';
import {
  ActiveFilter,
  Filter,
  List,
  PAGE_SIZE,
  SearchField,
  useCursorPages,
} from '~/components/ListPage';
import { ButtonLink, TextLink } from '~/components/links';
import { Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { RoleText } from '~/components/people';
import { useSelection } from '~/components/useSelection';
import { ManyUsersDialog } from './ManyUsersDialog';
import type { Action } from './many-users';
import { NewUser } from './NewUser';
import { PasswordState } from './PasswordState';
import { SelectedUsers } from './SelectedUsers';
import { UsersMenu } from './UsersMenu';

const route = getRouteApi('/signed-in/admin/users');

const column = columnsOf<User>();
const columns = column.columns([
  column.accessor('surname', {
    header: 'Name',
    cell: ({ row: { original: user } }) => (
      <TextLink to="/users/$userId" params={{ userId: user.id }} fw={600} inherit>
        {user.surname}, {[user.title, user.forename].filter(Boolean).join(' ')}
      </TextLink>
    ),
  }),
  column.accessor('username', {
    header: 'Username, e-mail',
    enableSorting: false,
    cell: ({ row: { original: user } }) => (
      <div>
        {user.username}
        {user.email && (
          <Text size="sm" c="dimmed">
            {user.email}
          </Text>
        )}
      </div>
    ),
  }),
  column.accessor('role', {
    header: 'Role',
    enableSorting: false,
    cell: ({ row: { original: user } }) => (
      <RoleText role={user.role} leadership={user.leadership} />
    ),
  }),
  column.accessor('groups', {
    id: 'groups', // else it has none until a table takes it in, and could not be left out below
    header: 'Groups',
    enableSorting: false,
    cell: ({ getValue }) => <Groups groups={getValue()} />,
  }),
  column.accessor('claimed', {
    header: 'Password',
    enableSorting: false,
    cell: ({ row: { original: user } }) => <PasswordState user={user} />,
  }),
]);
const columnsWithoutGroups = columns.filter((one) => one.id !== 'groups');

type Position = 'teacher' | 'slt' | 'deputy' | 'head';

/** SLT are all of them, with heads and deputies. */
function positionFilter(position: Position | undefined) {
  if (position === 'head' || position === 'deputy') return { leadership: position };
  return { role: position };
}

function Groups({ groups }: { groups: User['groups'] }) {
  if (groups.length === 0) return 'None';
  return (
    <Group gap="xs">
      {groups.map((group) => (
        <TextLink key={group.id} to="/groups/$groupId" params={{ groupId: group.id }} inherit>
          {group.name}
        </TextLink>
      ))}
    </Group>
  );
}

export function UsersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filters = {
    search: search.search,
    ...positionFilter(search.role),
    claimed: search.password === 'own' ? true : undefined,
    default_password: search.password === 'default' ? true : undefined,
    no_class: search.class && search.class === 'none',
    active: search.active ?? true,
  };
  const query = { ...filters, sort: search.sort ?? 'surname' };
  const selection = useSelection(String(filters.active));
  const [action, setAction] = useState<Action>();
  const pages = useCursorPages(query);
  const users = useQuery(usersQuery({ ...query, limit: PAGE_SIZE, cursor: pages.cursor }));
  const byDefault = useQuery(defaultPasswordQuery).data?.in_use;
  const unavailable = users.data?.unavailable ?? [];
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });

  return (
    <>
      <PageHeader
        title="User Management"
        description="Teachers and senior leaders (SLT). In schools with an MIS sync, teachers of mapped classes are added by themselves."
        actions={
          <>
            <UsersMenu file={usersFile(filters)} defaultInUse={byDefault !== false} />
            <ButtonLink
              to="/users/import"
              variant="default"
              leftSection={<FileUp size={17} aria-hidden />}
            >
              Import users
            </ButtonLink>
            <NewUser byDefault={byDefault !== false} />
          </>
        }
      />
      <Unavailable services={unavailable} />
      <List
        thing="user"
        result={users}
        pages={pages}
        empty={
          <EmptyState
            icon={<UsersRound aria-hidden />}
            variant="light"
            py="xl"
            title="No users found"
            description="Teachers come from your MIS once their classes are mapped. Anybody else is added with “New user” or “Import users”. If you have searched, try another search or take a filter off."
          />
        }
        filters={
          <>
            <SearchField
              label="Search by name, username or e-mail"
              value={search.search}
              onSearch={(text) => change({ search: text })}
            />
            <Filter
              label="Role"
              all="All roles"
              value={search.role}
              options={[
                { value: 'teacher', label: 'Teachers' },
                { value: 'slt', label: 'SLT' },
                { value: 'deputy', label: 'Deputy heads' },
                { value: 'head', label: 'Heads' },
              ]}
              onChange={(role) => change({ role })}
            />
            <Filter
              label="Password"
              all="Any password"
              value={search.password}
              options={[
                {
                  value: 'default',
                  label:
                    byDefault === false ? 'Waiting for first password' : 'Has default password',
                },
                { value: 'own', label: 'Has their own' },
              ]}
              onChange={(password) => change({ password })}
            />
            <Filter
              label="Classes"
              all="With or without"
              value={search.class}
              options={[
                { value: 'none', label: 'Has no class' },
                { value: 'some', label: 'Has a class' },
              ]}
              onChange={(chosen) => change({ class: chosen })}
            />
            <ActiveFilter active={search.active} onChange={(active) => change({ active })} />
          </>
        }
      >
        {(rows, busy) => (
          <>
            <SelectedUsers
              rows={rows}
              total={users.data?.total ?? 0}
              filters={filters}
              selection={selection}
              onAction={setAction}
            />
            <DataTable
              caption="Users"
              columns={unavailable.includes('roster') ? columnsWithoutGroups : columns}
              rows={rows}
              busy={busy}
              sort={query.sort}
              onSort={(by) => change({ sort: by })}
              selection={{
                selected: selection.selected,
                onSelect: selection.select,
                nameOf: (user) => `${user.forename} ${user.surname}`,
              }}
            />
          </>
        )}
      </List>
      {action && (
        <ManyUsersDialog
          action={action}
          ids={[...selection.selected]}
          onClose={() => setAction(undefined)}
          onDone={() => {
            setAction(undefined);
            selection.clear();
          }}
        />
      )}
    </>
  );
}
