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
import { yearGroupName } from '~/school/words';

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
  column.accessor('member_count', {
    header: 'Pupils',
    enableSorting: false,
    meta: { numeric: true },
  }),
  column.accessor('user_count', { header: 'Users', enableSorting: false, meta: { numeric: true } }),
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
    active: search.active ?? true,
  };
  const pages = useCursorPages(query);
  const groups = useQuery(groupsQuery({ ...query, limit: PAGE_SIZE, cursor: pages.cursor }));
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });

  return (
    <>
      <PageHeader title={session.account.kind === 'admin' ? 'Group Management' : 'Groups'} />
      <List
        thing="group"
        result={groups}
        pages={pages}
        empty={
          <EmptyState
            icon={<School aria-hidden />}
            variant="light"
            py="xl"
            title="No groups found"
            description="Classes come from your MIS once they are mapped. If you have searched, try another search or take a filter off."
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
              all="Classes and sets"
              value={search.kind}
              options={[
                { value: 'class', label: 'Classes' },
                { value: 'set', label: 'Sets' },
              ]}
              onChange={(kind) => change({ kind })}
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
