/** The school's groups (classes and other sets of pupils) as a list. */
import { EmptyState } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { School } from 'lucide-react';
import { type Group, groupsQuery } from '~/api/roster';
import type { Session } from '~/api/session';
import { columnsOf, DataTable } from '~/components/DataTable';
import {
  ActiveFilter,
  Filter,
  List,
  PAGE_SIZE,
  SearchField,
  useCursorPages,
} from '~/components/ListPage';
import { TextLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';
import { OriginText } from '~/components/people';
import { yearGroupName, yearGroupsBetween } from '~/school/words';
import { NewGroup } from './NewGroup';

const route = getRouteApi('/signed-in/whole-school/groups');

const column = columnsOf<Group>();
const columns = column.columns([
  column.accessor('name', {
    header: 'Name',
    cell: ({ row, getValue }) => (
      <TextLink to="/groups/$groupId" params={{ groupId: row.id }} fw={600} inherit>
        {getValue()}
      </TextLink>
    ),
  }),
  column.accessor('kind', {
    header: 'Kind',
    enableSorting: false,
    cell: ({ getValue }) => (getValue() === 'class' ? 'Class' : 'Set'),
  }),
  column.accessor('year_group', {
    header: 'Year',
    cell: ({ row }) => (row.original.year_group ? yearGroupName(row.original.year_group) : 'Mixed'),
  }),
  column.accessor('member_count', { header: 'Pupils', meta: { numeric: true } }),
  column.accessor('user_count', { header: 'Users', meta: { numeric: true } }),
  column.accessor('origin', {
    header: 'From',
    enableSorting: false,
    cell: ({ getValue }) => <OriginText origin={getValue()} />,
  }),
]);

export function GroupsPage({ session }: { session: Session }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const sort = search.sort ?? 'name';
  const query = {
    search: search.search,
    sort,
    kind: search.kind,
    year_group: search.year,
    origin: search.origin,
    without_members: search.without === 'pupils' ? true : undefined,
    without_users: search.without === 'users' ? true : undefined,
    active: search.active ?? true,
  };
  const admin = session.account.kind === 'admin';
  const filtered = Object.values(search).some((value) => value !== undefined);
  const years = yearGroupsBetween(session.school.first_year_group, session.school.last_year_group);
  const pages = useCursorPages(query);
  const groups = useQuery(groupsQuery({ ...query, limit: PAGE_SIZE, cursor: pages.cursor }));
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });

  return (
    <>
      <PageHeader
        title={admin ? 'Group Management' : 'Groups'}
        description="Classes and sets. Teachers see the pupils of the groups that they are linked to."
        actions={admin && <NewGroup />}
      />
      <List
        thing="group"
        result={groups}
        pages={pages}
        empty={
          <EmptyState
            icon={<School aria-hidden />}
            variant="light"
            py="xl"
            title={filtered ? 'No groups found' : 'No groups yet'}
            description={
              filtered
                ? 'Try another search, or take a filter off.'
                : 'Classes come from your MIS once they are mapped. Without a MIS, add them with “New group”.'
            }
          />
        }
        filters={
          <>
            <SearchField
              label="Search by name"
              value={search.search}
              onSearch={(text) => change({ search: text })}
            />
            <Filter
              label="Kind"
              all="All kinds"
              value={search.kind}
              options={[
                { value: 'class', label: 'Classes' },
                { value: 'set', label: 'Sets' },
              ]}
              onChange={(kind) => change({ kind })}
            />
            <Filter
              label="Year"
              all="All years"
              value={search.year}
              options={years.map((year) => ({ value: year, label: yearGroupName(year) }))}
              onChange={(year) => change({ year })}
            />
            <Filter
              label="What is missing"
              all="Anything"
              value={search.without}
              options={[
                { value: 'pupils', label: 'Without pupils' },
                { value: 'users', label: 'Without users' },
              ]}
              onChange={(without) => change({ without })}
            />
            <Filter
              label="From"
              all="Anywhere"
              value={search.origin}
              options={[
                { value: 'mis', label: 'MIS' },
                { value: 'hand', label: 'By hand' },
                { value: 'import', label: 'Import' },
              ]}
              onChange={(origin) => change({ origin })}
            />
            <ActiveFilter active={search.active} onChange={(active) => change({ active })} />
          </>
        }
      >
        {(rows, busy) => (
          <DataTable
            caption="Groups"
            columns={columns}
            rows={rows}
            busy={busy}
            sort={sort}
            onSort={(by) => change({ sort: by })}
          />
        )}
      </List>
    </>
  );
}
