/** Data Management › In the MIS, not here: who, why, and what can be done about it (R11, R20). */
import { Alert, Button, EmptyState, Group, SegmentedControl, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CircleCheckBig, Download, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { type NotHere, type NotHereCount, notHereFile, notHereQuery } from '~/api/mapping';
import { columnsOf, DataTable } from '~/components/DataTable';
import { Filter, List, PAGE_SIZE, SearchField, useCursorPages } from '~/components/ListPage';
import { ButtonLink } from '~/components/links';
import { NoMisDataYet } from '~/components/NoMisDataYet';
import { PageHeader } from '~/components/PageHeader';
import { briefly } from '~/pages/mapping/facts';
import { RecordLink } from '~/pages/mapping/RecordLink';
import { formatNumber } from '~/school/words';
import { ActDialog, type Acting } from './ActDialog';
import { reasonName, WHO, WHO_NAMES, type Who } from './reasons';

const route = getRouteApi('/signed-in/admin/data-management/not-here');
const NONE: NotHereCount[] = [];

export function NotHerePage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [acting, setActing] = useState<Acting>();
  const [done, setDone] = useState<string>();
  const filters = { kind: search.who, because: search.because, search: search.search };
  const pages = useCursorPages(filters);
  const result = useQuery(notHereQuery({ ...filters, limit: PAGE_SIZE, cursor: pages.cursor }));
  // Made once: cells of other columns are other cells, and would lose the focus with each look.
  const columns = useMemo(() => columnsWith(setActing), []);
  const counts = result.data?.counts ?? NONE;
  const change = (changed: typeof search) =>
    navigate({ search: (before) => ({ ...before, ...changed }), replace: true });
  const filtered = Boolean(search.who || search.because || search.search);
  return (
    <>
      <PageHeader
        title="In the MIS, not here"
        area="Data Management"
        description="These people are in your MIS, and were not brought in or are not linked for the reason given. What you put right in your MIS comes with the next sync."
        actions={
          <Button
            component="a"
            href={notHereFile(filters)}
            download
            variant="default"
            leftSection={<Download size={17} aria-hidden />}
          >
            Export as CSV
          </Button>
        }
      />
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
        thing="name"
        result={result}
        pages={pages}
        empty={filtered ? <NobodyFound /> : <NoMisDataYet otherwise={<EveryoneIsHere />} />}
        filters={
          <>
            <WhoControl who={search.who} counts={counts} onChange={change} />
            <SearchField
              label="Search by name"
              value={search.search}
              onSearch={(text) => change({ search: text })}
            />
            <Filter
              label="Why"
              all="Any reason"
              value={search.because}
              options={reasonsOf(counts, search.who)}
              onChange={(because) => change({ because })}
            />
          </>
        }
      >
        {(rows, busy) => (
          <DataTable
            caption="People in the MIS, not here"
            columns={columns}
            rows={rows}
            busy={busy}
          />
        )}
      </List>
      {acting && (
        <ActDialog
          acting={acting}
          onClose={() => setActing(undefined)}
          onSaved={(words) => {
            setActing(undefined);
            setDone(words);
          }}
        />
      )}
    </>
  );
}

interface WhoControlProps {
  who: Who | undefined;
  counts: readonly NotHereCount[];
  onChange: (changed: { who: Who | undefined; because: undefined }) => void;
}

function WhoControl({ who, counts, onChange }: WhoControlProps) {
  const number = (wanted?: Who) =>
    counts
      .filter(({ kind }) => !wanted || kind === wanted)
      .reduce((total, { count }) => total + count, 0);
  return (
    <SegmentedControl
      aria-label="Who"
      value={who ?? 'all'}
      data={[
        { value: 'all', label: `All (${formatNumber(number())})` },
        ...WHO.map((one) => ({
          value: one,
          label: `${WHO_NAMES[one]} (${formatNumber(number(one))})`,
        })),
      ]}
      onChange={(chosen) =>
        onChange({ who: WHO.find((one) => one === chosen), because: undefined })
      }
    />
  );
}

function reasonsOf(counts: readonly NotHereCount[], who: Who | undefined) {
  return counts
    .filter(({ kind }) => !who || kind === who)
    .map(({ kind, reason_kind: reason, count }) => ({
      value: reason,
      label: `${who ? '' : `${WHO_NAMES[kind as Who] ?? kind}: `}${reasonName(reason)} (${formatNumber(count)})`,
    }));
}

function columnsWith(onAct: (acting: Acting) => void) {
  const column = columnsOf<NotHere>();
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
        </div>
      ),
    }),
    column.accessor('reason', {
      header: 'Why',
      cell: ({ row: { original: one } }) => (
        <div>
          <Text component="span" inherit fw={600}>
            {reasonName(one.reason_kind)}
          </Text>
          <Text size="sm">{one.reason}</Text>
        </div>
      ),
    }),
    column.accessor('probably', {
      header: 'Probably here',
      cell: ({ row: { original: one } }) => <Probably of={one} />,
    }),
    column.display({
      id: 'actions',
      header: 'What you can do',
      cell: ({ row: { original: person } }) => <Actions person={person} onAct={onAct} />,
    }),
  ]);
}

function Probably({ of }: { of: NotHere }) {
  const { probably } = of;
  if (!probably) return '–';
  return (
    <div>
      <RecordLink kind={of.kind} id={probably.id}>
        {probably.label}
      </RecordLink>
      <Text size="sm" c="dimmed">
        {briefly(probably.label, probably.values)}
      </Text>
    </div>
  );
}

interface ActionsProps {
  person: NotHere;
  onAct: (acting: Acting) => void;
}

function Actions({ person, onAct }: ActionsProps) {
  const { actions, label, probably } = person;
  const other = probably ? 'Someone else here' : 'Already here';
  return (
    <Group gap={6}>
      {actions.includes('map') && probably && (
        <Button
          size="xs"
          variant="light"
          aria-label={`It is ${probably.label}: ${label} in the MIS`}
          onClick={() => onAct({ person, action: 'map', probable: true })}
        >
          It is {probably.label}
        </Button>
      )}
      {actions.includes('create') && (
        <Button
          size="xs"
          variant="default"
          aria-label={`Make a user for ${label}`}
          onClick={() => onAct({ person, action: 'create', probable: false })}
        >
          Make a user
        </Button>
      )}
      {actions.includes('map') && (
        <Button
          size="xs"
          variant="default"
          aria-label={`${other}: ${label} in the MIS`}
          onClick={() => onAct({ person, action: 'map', probable: false })}
        >
          {other}
        </Button>
      )}
      {person.reason_kind === 'staff_class_unmapped' && (
        <ButtonLink size="xs" variant="default" to="/data-management/mis-mapping">
          Map the class
        </ButtonLink>
      )}
      {actions.length === 0 && <Text size="sm">Put it right in your MIS.</Text>}
    </Group>
  );
}

function EveryoneIsHere() {
  return (
    <EmptyState
      icon={<CircleCheckBig aria-hidden />}
      variant="light"
      py="xl"
      title="Everyone is here"
      description="Everyone in your MIS who belongs in Classroom Monitor has been brought in."
    />
  );
}

function NobodyFound() {
  return (
    <EmptyState
      icon={<SearchX aria-hidden />}
      variant="light"
      py="xl"
      title="Nobody found"
      description="Try another search, or take a filter off."
    />
  );
}
