/** Parent Management: parents, their children, and who has taken up the invitation (R2, R6, R8). */
import { Button, EmptyState, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download, HeartHandshake } from 'lucide-react';
import { type Parent, type ParentChild, parentsFile, parentsQuery } from '~/api/parents';
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
import { useSelection } from '~/components/useSelection';
import { ForSelected } from './ForSelected';
import { InvitationsToSend } from './InvitationsToSend';
import { NewParent } from './NewParent';
import { ParentState } from './ParentState';

const route = getRouteApi('/signed-in/admin/parents');

const column = columnsOf<Parent>();

const columns = column.columns([
  column.accessor('surname', {
    header: 'Name',
    cell: ({ row: { original: parent } }) => (
      <TextLink to="/parents/$parentId" params={{ parentId: parent.id }} fw={600} inherit>
        {parent.surname}, {[parent.title, parent.forename].filter(Boolean).join(' ')}
      </TextLink>
    ),
  }),
  column.accessor('email', {
    header: 'E-mail',
    enableSorting: false,
    cell: ({ getValue }) => getValue() ?? 'None',
  }),
  column.accessor('children', {
    header: 'Children',
    enableSorting: false,
    cell: ({ getValue }) => <Children family={getValue()} />,
  }),
  column.accessor('state', {
    header: 'Account',
    enableSorting: false,
    cell: ({ row: { original: parent } }) => <ParentState parent={parent} />,
  }),
]);

function Children({ family }: { family: readonly ParentChild[] }) {
  if (family.length === 0) return 'None';
  return (
    <div>
      {family.map((child) => (
        <div key={child.id}>
          {child.name}
          {!child.seen && (
            <Text component="span" size="sm" c="dimmed">
              {' '}
              {child.confirmed_at ? '(not on roll)' : '(not confirmed)'}
            </Text>
          )}
        </div>
      ))}
    </div>
  );
}

export function ParentsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filters = {
    search: search.search,
    state: search.state,
    without_children: search.without === 'children' ? true : undefined,
    active: search.active ?? true,
  };
  const query = { ...filters, sort: search.sort ?? 'surname' };
  const selection = useSelection(JSON.stringify(query));
  const pages = useCursorPages(query);
  const parents = useQuery(parentsQuery({ ...query, limit: PAGE_SIZE, cursor: pages.cursor }));
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  return (
    <>
      <PageHeader
        title="Parent Management"
        description="Parents see their own children only. They are invited by e-mail, and give each child’s date of birth before they see anything."
        actions={
          <>
            <Button
              component="a"
              href={parentsFile(filters)}
              download
              variant="default"
              leftSection={<Download size={17} aria-hidden />}
            >
              Export as CSV
            </Button>
            <NewParent />
          </>
        }
      />
      <InvitationsToSend />
      <List
        thing="parent"
        result={parents}
        pages={pages}
        empty={
          <EmptyState
            icon={<HeartHandshake aria-hidden />}
            variant="light"
            py="xl"
            title="No parents found"
            description="Add a parent with “New parent”. If you have searched, try another search or take a filter off."
          />
        }
        filters={
          <>
            <SearchField
              label="Search by name of parent or child, or e-mail"
              value={search.search}
              onSearch={(text) => change({ search: text })}
            />
            <Filter
              label="Account"
              all="Any"
              value={search.state}
              options={[
                { value: 'claimed', label: 'Has a password' },
                { value: 'invited', label: 'Invited' },
                { value: 'lapsed', label: 'Invitation lapsed' },
                { value: 'not_invited', label: 'Not invited yet' },
              ]}
              onChange={(state) => change({ state })}
            />
            <Filter
              label="Children"
              all="With or without"
              value={search.without}
              options={[{ value: 'children', label: 'Without children' }]}
              onChange={(without) => change({ without })}
            />
            <ActiveFilter active={search.active} onChange={(active) => change({ active })} />
          </>
        }
      >
        {(rows, busy) => (
          <>
            <ForSelected
              rows={rows}
              selected={selection.selected}
              onSelect={(ids) => (ids.length ? selection.select(ids, true) : selection.clear())}
              active={filters.active}
            />
            <DataTable
              caption="Parents"
              columns={columns}
              rows={rows}
              busy={busy}
              sort={query.sort}
              onSort={(by) => change({ sort: by })}
              selection={{
                selected: selection.selected,
                onSelect: selection.select,
                nameOf: (parent) => parent.name,
              }}
            />
          </>
        )}
      </List>
    </>
  );
}
