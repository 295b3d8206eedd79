/** The school's pupils as a list. */

import { EmptyState, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { groupsQuery, type Pupil, pupilsQuery } from '~/api/roster';
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
import { OriginText, PupilNameText } from '~/components/people';
import { NewPupil } from '~/pages/pupils/one/NewPupil';
import { formatDate, yearGroupName, yearGroupsBetween } from '~/school/words';

const route = getRouteApi('/signed-in/whole-school/pupils');

const column = columnsOf<Pupil>();
const columns = column.columns([
  column.accessor('legal_surname', {
    id: 'surname',
    header: 'Name',
    cell: ({ row }) => (
      <TextLink to="/pupils/$pupilId" params={{ pupilId: row.original.id }} inherit>
        <PupilNameText pupil={row.original} />
      </TextLink>
    ),
  }),
  column.accessor('year_group', {
    header: 'Year',
    cell: ({ getValue }) => <YearGroup yearGroup={getValue()} />,
  }),
  column.accessor('groups', {
    header: 'Groups',
    enableSorting: false,
    cell: ({ getValue }) => <GroupLinks groups={getValue()} />,
  }),
  column.accessor('date_of_birth', {
    header: 'Date of birth',
    enableSorting: false,
    cell: ({ getValue }) => <DateOfBirth date={getValue()} />,
  }),
  column.accessor('upn', {
    header: 'UPN',
    cell: ({ getValue }) => getValue() ?? 'None',
  }),
  column.accessor('origin', {
    header: 'From',
    enableSorting: false,
    cell: ({ getValue }) => <OriginText origin={getValue()} />,
  }),
]);

function YearGroup({ yearGroup }: { yearGroup?: string | null }) {
  return yearGroup ? yearGroupName(yearGroup) : 'Not known';
}

function DateOfBirth({ date }: { date?: string | null }) {
  return date ? formatDate(date) : 'Not known';
}

function GroupLinks({ groups }: { groups: { id: string; name: string }[] }) {
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

export function PupilsPage({ session }: { session: Session }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const sort = search.sort ?? 'surname';
  const query = {
    search: search.search,
    sort,
    year_group: search.year,
    group_id: search.group,
    missing_upn: search.without === 'upn' ? true : undefined,
    without_class: search.without === 'class' ? true : undefined,
    active: search.active ?? true,
  };
  const pages = useCursorPages(query);
  const pupils = useQuery(pupilsQuery({ ...query, limit: PAGE_SIZE, cursor: pages.cursor }));
  const groups = useQuery(groupsQuery({ limit: 200, sort: 'name' }));
  const years = yearGroupsBetween(session.school.first_year_group, session.school.last_year_group);
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });

  return (
    <>
      <PageHeader
        title={session.account.kind === 'admin' ? 'Pupil Management' : 'Pupils'}
        actions={session.account.kind === 'admin' && <NewPupil />}
      />
      <List
        thing="pupil"
        result={pupils}
        pages={pages}
        empty={
          <EmptyState
            icon={<SearchX aria-hidden />}
            variant="light"
            py="xl"
            title="No pupils found"
            description="Try another search, or take a filter off."
          />
        }
        filters={
          <>
            <SearchField
              label="Search by name or UPN"
              value={search.search}
              onSearch={(text) => change({ search: text })}
            />
            <Filter
              label="Year"
              all="All years"
              value={search.year}
              options={years.map((year) => ({ value: year, label: yearGroupName(year) }))}
              onChange={(year) => change({ year })}
            />
            <Filter
              label="Group"
              all="All groups"
              value={search.group}
              options={(groups.data?.items ?? []).map((group) => ({
                value: group.id,
                label: group.name,
              }))}
              onChange={(group) => change({ group })}
            />
            <Filter
              label="What is missing"
              all="Anything"
              value={search.without}
              options={[
                { value: 'upn', label: 'Without a UPN' },
                { value: 'class', label: 'Without a class' },
              ]}
              onChange={(without) => change({ without })}
            />
            <ActiveFilter active={search.active} onChange={(active) => change({ active })} />
          </>
        }
      >
        {(rows, busy) => (
          <DataTable
            caption="Pupils"
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
