/** All that is mapped: looked through and changed, also where nothing is different (R19, R20). */
import { Alert, Badge, Button, EmptyState, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeftRight, CircleCheckBig } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type MappedRecord, mappedQuery } from '~/api/mapping';
import { columnsOf, DataTable } from '~/components/DataTable';
import { Filter, List, PAGE_SIZE, SearchField, useCursorPages } from '~/components/ListPage';
import { formatMoment, formatNumber } from '~/school/words';
import { ChangeDialog } from './ChangeDialog';
import { briefly } from './facts';
import type { MappingSearch } from './mapping-search';
import { RecordLink } from './RecordLink';

const KINDS = [
  { value: 'group', label: 'Groups', thing: 'mapped group' },
  { value: 'staff', label: 'Staff', thing: 'mapped member of staff' },
  { value: 'pupil', label: 'Pupils', thing: 'mapped pupil' },
] as const;

const ORIGINS: Record<MappedRecord['origin'], { name: string; color: string }> = {
  matched: { name: 'Matched', color: 'leaf' },
  new: { name: 'New', color: 'lagoon' },
  person: { name: 'By hand', color: 'slate' },
};

export interface Changing {
  record: MappedRecord;
  action: 'move' | 'take_apart';
}

interface MappedRecordsProps {
  search: MappingSearch;
  onSearch: (changed: MappingSearch) => void;
}

export function MappedRecords({ search, onSearch }: MappedRecordsProps) {
  const [changing, setChanging] = useState<Changing>();
  const [done, setDone] = useState<string>();
  const kind = KINDS.find(({ value }) => value === search.of) ?? KINDS[0];
  const filters = { kind: kind.value, origin: search.how, search: search.search };
  const pages = useCursorPages(filters);
  const result = useQuery(mappedQuery({ ...filters, limit: PAGE_SIZE, cursor: pages.cursor }));
  // Made once: cells of other columns are other cells, and would lose the focus with each look.
  const columns = useMemo(() => columnsWith(setChanging), []);
  const counts = result.data?.counts ?? {};
  return (
    <>
      {done && (
        <Alert
          mb="lg"
          color="leaf"
          icon={<CircleCheckBig aria-hidden />}
          role="status"
          title="Saved"
        >
          {done}
        </Alert>
      )}
      <List
        thing={kind.thing}
        result={withIds(result)}
        pages={pages}
        empty={
          <EmptyState
            icon={<ArrowLeftRight aria-hidden />}
            variant="light"
            py="xl"
            title={
              counts[kind.value] ? 'Nothing found' : `No ${kind.label.toLowerCase()} mapped yet`
            }
            description={
              counts[kind.value]
                ? 'Try another search, or take a filter off.'
                : 'What is mapped by itself or by you stands here.'
            }
          />
        }
        filters={
          <>
            <SegmentedControl
              aria-label="What is mapped"
              value={kind.value}
              data={KINDS.map(({ value, label }) => ({
                value,
                label: `${label} (${formatNumber(counts[value] ?? 0)})`,
              }))}
              onChange={(of) => onSearch({ of: KINDS.find(({ value }) => value === of)?.value })}
            />
            <SearchField
              label="Search in your MIS and here"
              value={search.search}
              onSearch={(text) => onSearch({ search: text })}
            />
            <Filter
              label="How it was mapped"
              all="Any way"
              value={search.how}
              options={[
                { value: 'matched', label: 'Matched by itself' },
                { value: 'new', label: 'New from the MIS' },
                { value: 'person', label: 'By hand' },
              ]}
              onChange={(how) => onSearch({ how })}
            />
          </>
        }
      >
        {(rows, busy) => (
          <DataTable
            caption={`${kind.label} that are mapped`}
            columns={columns}
            rows={rows}
            busy={busy}
          />
        )}
      </List>
      {changing && (
        <ChangeDialog
          changing={changing}
          onClose={() => setChanging(undefined)}
          onSaved={(words) => {
            setChanging(undefined);
            setDone(words);
          }}
        />
      )}
    </>
  );
}

type Row = MappedRecord & { id: string };

/** The table tells its rows apart by `id`. */
function withIds<Result extends { data?: { items: MappedRecord[] } & Page }>(result: Result) {
  const { data } = result;
  return {
    ...result,
    data: data && {
      ...data,
      items: data.items.map((one): Row => ({ ...one, id: `${one.kind} ${one.mis_id}` })),
    },
  };
}

interface Page {
  next_cursor: string | null;
  total: number;
}

function columnsWith(onChange: (changing: Changing) => void) {
  const column = columnsOf<Row>();
  return column.columns([
    column.accessor('label', {
      header: 'In your MIS',
      cell: ({ row: { original: one } }) => (
        <div>
          <Text component="span" inherit fw={600}>
            {one.label}
          </Text>
          <Text size="sm" c="dimmed">
            {briefly(one.label, one.mis)}
          </Text>
          {one.gone && <Badge color="amber">Not in your MIS any more</Badge>}
        </div>
      ),
    }),
    column.accessor('here_label', {
      header: 'Here',
      cell: ({ row: { original: one } }) => <Here record={one} />,
    }),
    column.accessor('reason', {
      header: 'Mapped',
      cell: ({ row: { original: one } }) => (
        <div>
          <Badge color={ORIGINS[one.origin].color}>{ORIGINS[one.origin].name}</Badge>
          <Text size="sm">
            {one.made_by ?? (one.origin === 'person' ? 'By a person' : one.reason)}
          </Text>
          <Text size="sm" c="dimmed">
            {formatMoment(one.made_at)}
          </Text>
        </div>
      ),
    }),
    column.display({
      id: 'actions',
      header: 'Change it',
      cell: ({ row: { original: record } }) => (
        <Group gap={6}>
          <Button
            size="xs"
            variant="default"
            aria-label={`Change what ${record.label} is mapped to`}
            onClick={() => onChange({ record, action: 'move' })}
          >
            Change
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={`Unmap ${record.label}`}
            onClick={() => onChange({ record, action: 'take_apart' })}
          >
            Unmap
          </Button>
        </Group>
      ),
    }),
  ]);
}

function Here({ record }: { record: MappedRecord }) {
  if (!record.here || !record.here_label) {
    return <Text c="dimmed">Not made yet</Text>;
  }
  return (
    <div>
      <RecordLink kind={record.kind} id={record.record_id}>
        {record.here_label}
      </RecordLink>
      <Text size="sm" c="dimmed">
        {briefly(record.here_label, record.here)}
      </Text>
      {record.here.active === false && <Badge color="slate">Inactive</Badge>}
    </div>
  );
}
