/** What a run changed, person by person, to be searched. */
import { Badge, EmptyState, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { type RunChange, runChangesQuery } from '~/api/mis';
import { columnsOf, DataTable } from '~/components/DataTable';
import { Filter, List, PAGE_SIZE, SearchField, useCursorPages } from '~/components/ListPage';
import { TextLink } from '~/components/links';
import { formatNumber } from '~/school/words';
import {
  CHANGE_KINDS,
  CHANGE_OUTCOMES,
  fieldInWords,
  KIND_NAMES,
  OUTCOME_NAMES,
  whatWasDone,
} from './change-words';

const route = getRouteApi('/signed-in/admin/data-management/mis-synchronisation/$runId');
const WHILE_RUNNING_MS = 2_000;

type Row = RunChange & { id: string };
const column = columnsOf<Row>();
const columns = column.columns([
  column.accessor('label', {
    header: 'Who or what',
    enableSorting: false,
    cell: ({ row }) => <Who change={row.original} />,
  }),
  column.accessor('action', {
    header: 'What was done',
    enableSorting: false,
    cell: ({ row: { original: change } }) => (
      <Stack gap={2}>
        <Text size="sm">{whatWasDone(change)}</Text>
        {change.fields.map((field) => (
          <Text key={field.field} size="sm" c="dimmed">
            {fieldInWords(field)}
          </Text>
        ))}
      </Stack>
    ),
  }),
  column.accessor('outcome', {
    header: 'What came of it',
    enableSorting: false,
    cell: ({ row: { original: change } }) => (
      <Stack gap={2} align="flex-start">
        <Badge color={change.outcome === 'applied' ? 'leaf' : 'amber'}>
          {OUTCOME_NAMES[change.outcome]}
        </Badge>
        {change.reason && <Text size="sm">{change.reason}</Text>}
      </Stack>
    ),
  }),
]);

export function Changes({ runId, running }: { runId: string; running: boolean }) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const kind = CHANGE_KINDS.find((one) => one === search.kind);
  const outcome = CHANGE_OUTCOMES.find((one) => one === search.outcome);
  const query = { search: search.search, kind, outcome };
  const pages = useCursorPages(query);
  const changes = useQuery({
    ...runChangesQuery(runId, { ...query, limit: PAGE_SIZE, cursor: pages.cursor }),
    refetchInterval: running ? WHILE_RUNNING_MS : false,
  });
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const counts = changes.data?.counts ?? {};
  const kinds = CHANGE_KINDS.filter((one) => counts[one] || one === kind);
  const filtered = search.search || kind || outcome;
  return (
    <section aria-label="What it changed">
      <List
        thing="change"
        result={changes}
        pages={pages}
        empty={
          <EmptyState
            icon={<ListChecks aria-hidden />}
            variant="light"
            py="xl"
            title={filtered ? 'No changes found' : 'It changed nothing'}
            description={
              filtered
                ? 'Try another search, or take the filters off.'
                : 'What a sync changed is kept for a year.'
            }
          />
        }
        filters={
          <>
            <SearchField
              label="Search by name or group"
              value={search.search}
              onSearch={(text) => change({ search: text })}
            />
            <Filter
              label="What"
              all="Everything"
              value={kind}
              options={kinds.map((one) => ({
                value: one,
                label: `${KIND_NAMES[one]} (${formatNumber(counts[one] ?? 0)})`,
              }))}
              onChange={(chosen) => change({ kind: chosen })}
            />
            <Filter
              label="What came of it"
              all="All"
              value={outcome}
              options={CHANGE_OUTCOMES.map((one) => ({ value: one, label: OUTCOME_NAMES[one] }))}
              onChange={(chosen) => change({ outcome: chosen })}
            />
          </>
        }
      >
        {(rows, busy) => (
          <DataTable
            caption="What the sync changed"
            columns={columns}
            rows={rows.map(withId)}
            busy={busy}
          />
        )}
      </List>
    </section>
  );
}

function withId(change: RunChange): Row {
  return { ...change, id: [change.kind, change.record_id, change.group_id].join(' ') };
}

function Who({ change: { kind, record_id: id, label } }: { change: RunChange }) {
  if (kind === 'pupil' || kind === 'member') {
    return (
      <TextLink to="/pupils/$pupilId" params={{ pupilId: id }} fw={600} inherit>
        {label}
      </TextLink>
    );
  }
  if (kind === 'group') {
    return (
      <TextLink to="/groups/$groupId" params={{ groupId: id }} fw={600} inherit>
        {label}
      </TextLink>
    );
  }
  if (kind === 'parent') {
    return (
      <TextLink to="/parents/$parentId" params={{ parentId: id }} fw={600} inherit>
        {label}
      </TextLink>
    );
  }
  return (
    <TextLink to="/users/$userId" params={{ userId: id }} fw={600} inherit>
      {label}
    </TextLink>
  );
}
