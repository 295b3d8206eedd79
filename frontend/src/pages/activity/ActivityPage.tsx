/** Activity log: who did what, when, with before and after; filtered, and as a file (R9). */
import { Button, EmptyState, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Download, ScrollText } from 'lucide-react';
import { type Activity, activityChoicesQuery, activityFile, activityQuery } from '~/api/activity';
import { columnsOf, DataTable } from '~/components/DataTable';
import { Filter, List, PAGE_SIZE, SearchField, useCursorPages } from '~/components/ListPage';
import { PageHeader } from '~/components/PageHeader';
import { formatMoment } from '~/school/words';
import { FiltersInUse, What } from './What';

const route = getRouteApi('/signed-in/admin/activity');

const column = columnsOf<Activity>();
const columns = column.columns([
  column.accessor('sentence', {
    header: 'What happened',
    cell: ({ row }) => <What line={row.original} />,
  }),
  column.accessor('actor', {
    header: 'Who',
    cell: ({ getValue }) => {
      const { name, authenticator } = getValue();
      return authenticator ? `${name} (${authenticator})` : name;
    },
  }),
  column.accessor('at', {
    header: 'When',
    cell: ({ getValue }) => (
      <time dateTime={getValue()} style={{ whiteSpace: 'nowrap' }}>
        {formatMoment(getValue())}
      </time>
    ),
  }),
]);

const SUBJECTS = [
  { value: 'pupil', label: 'Pupils' },
  { value: 'group', label: 'Groups' },
  { value: 'link', label: 'Who is in a group' },
  { value: 'user', label: 'Users' },
  { value: 'parent', label: 'Parents' },
  { value: 'mis_link', label: 'MIS link' },
  { value: 'mapping', label: 'MIS mapping' },
  { value: 'school', label: 'The school' },
];
export const SUBJECT_KINDS = SUBJECTS.map(({ value }) => value);

export function ActivityPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const choices = useQuery(activityChoicesQuery).data;
  const [actorKind, account] = (search.who ?? '').split(':');
  const filters = {
    first_day: search.from,
    last_day: search.to,
    actor_kind: KINDS.find((kind) => kind === actorKind),
    actor_account_id: account || undefined,
    subject_kind: search.about,
    action: search.action,
    search: search.search,
  };
  const pages = useCursorPages(filters);
  const log = useQuery(
    activityQuery({ ...filters, together: true, limit: PAGE_SIZE, cursor: pages.cursor }),
  );
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });

  return (
    <>
      <PageHeader
        title="Activity log"
        description="Every change made by a person or by the sync. Nothing in it can be changed or deleted, and passwords are never in it."
        actions={
          <Button
            component="a"
            href={activityFile(filters)}
            download
            variant="default"
            leftSection={<Download size={17} aria-hidden />}
          >
            Export as CSV
          </Button>
        }
      />
      <FiltersInUse value={filters}>
        <List
          thing="line"
          result={log}
          pages={pages}
          empty={
            <EmptyState
              icon={<ScrollText aria-hidden />}
              variant="light"
              py="xl"
              title="Nothing found"
              description="Try other days or another search, or take a filter off."
            />
          }
          filters={
            <>
              <SearchField
                label="Search by name or authenticator"
                value={search.search}
                onSearch={(text) => change({ search: text })}
              />
              <DayField label="From" value={search.from} onChange={(from) => change({ from })} />
              <DayField label="To" value={search.to} onChange={(to) => change({ to })} />
              <Filter
                label="Who"
                all="Everyone"
                value={search.who}
                options={(choices?.actors ?? []).map(({ kind, account_id, name }) => ({
                  value: account_id ? `${kind}:${account_id}` : kind,
                  label: name,
                }))}
                onChange={(who) => change({ who })}
              />
              <Filter
                label="About"
                all="Everything"
                value={search.about}
                options={SUBJECTS}
                onChange={(about) => change({ about })}
              />
              <Filter
                label="What happened"
                all="Any change"
                value={search.action}
                options={(choices?.actions ?? []).map(({ action, name }) => ({
                  value: action,
                  label: name,
                }))}
                onChange={(action) => change({ action })}
              />
            </>
          }
        >
          {(rows, busy) => (
            <DataTable
              caption="Activity log, newest first"
              columns={columns}
              rows={rows}
              busy={busy}
            />
          )}
        </List>
      </FiltersInUse>
    </>
  );
}

const KINDS = ['person', 'mis', 'system', 'operator'] as const;

interface DayFieldProps {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}

function DayField({ label, value, onChange }: DayFieldProps) {
  return (
    <TextInput
      type="date"
      label={label}
      value={value ?? ''}
      onChange={(event) => onChange(event.currentTarget.value || undefined)}
      style={{ flex: '1 1 9rem' }}
    />
  );
}
