/** Of each pupil whether parents see the report, whom it reaches, and who has opened it. */
import { Badge, Button, Group, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { type Publication, type PublishedPupil, publish } from '~/api/online-reports';
import { columnsOf, DataTable } from '~/components/DataTable';
import { ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';
import { useChange } from './useChange';
import { WithdrawOne } from './Withdraw';
import { HINDRANCES, isShown, mayPublish, REACH, SHOWN, type Shown, STATES } from './words';

type Row = PublishedPupil & { id: string; jobId: string };

const column = columnsOf<Row>();
const columns = column.columns([
  column.accessor('name', { header: 'Pupil' }),
  column.accessor('state', {
    header: 'Report',
    cell: ({ row: { original } }) => <State pupil={original} />,
  }),
  column.accessor('parents', {
    header: 'Parents',
    cell: ({ row: { original } }) => (original.parents ? REACH[original.parents] : 'Not known'),
  }),
  column.display({
    id: 'opened',
    header: 'Opened by',
    cell: ({ row: { original } }) => <Openings pupil={original} />,
  }),
  column.display({
    id: 'action',
    header: 'Action',
    cell: ({ row: { original } }) => <Action pupil={original} />,
  }),
]);

export function Pupils({ publication }: { publication: Publication }) {
  const [shown, setShown] = useState<Shown>('all');
  const { job_id: jobId, pupils } = publication;
  const rows = pupils
    .filter((pupil) => isShown(pupil, shown))
    .map((pupil) => ({ ...pupil, id: pupil.pupil_id, jobId }));
  const data = (Object.keys(SHOWN) as Shown[]).map((value) => ({
    value,
    label: `${SHOWN[value]} (${pupils.filter((pupil) => isShown(pupil, value)).length})`,
  }));
  return (
    <>
      <Group px="lg" pb="md">
        <Select
          label="Show"
          data={data}
          value={shown}
          onChange={(value) => setShown((value as Shown | null) ?? 'all')}
          miw="16rem"
        />
      </Group>
      {rows.length === 0 ? (
        <Text px="lg" pb="lg" c="dimmed" role="status">
          Nobody.
        </Text>
      ) : (
        <DataTable caption="Pupils" columns={columns} rows={rows} />
      )}
    </>
  );
}

function State({ pupil }: { pupil: PublishedPupil }) {
  const { label, color } = STATES[pupil.state];
  const at = pupil.ended_at ?? pupil.published_at;
  const by = pupil.ended_at ? pupil.ended_by_name : pupil.published_by_name;
  return (
    <Stack gap={4} align="flex-start">
      <Badge color={color}>{label}</Badge>
      {at && (
        <Text size="sm" c="dimmed">
          {formatMoment(at)}, {by}
        </Text>
      )}
      {pupil.hindrance && pupil.state !== 'replaced' && (
        <Text size="sm">{HINDRANCES[pupil.hindrance]}</Text>
      )}
    </Stack>
  );
}

function Openings({ pupil }: { pupil: PublishedPupil }) {
  if (pupil.openings.length === 0) {
    return <Text inherit>{pupil.state === 'published' ? 'Not opened yet' : '–'}</Text>;
  }
  return (
    <Stack gap={4}>
      {pupil.openings.map(({ name, first_at: first, last_at: last }) => (
        <div key={`${name} ${first}`}>
          {name}
          <Text size="sm" c="dimmed">
            {formatMoment(first)}
            {last !== first && `, last ${formatMoment(last)}`}
          </Text>
        </div>
      ))}
    </Stack>
  );
}

function Action({ pupil }: { pupil: Row }) {
  const publishing = useChange(pupil.jobId, publish);
  if (pupil.state === 'published') return <WithdrawOne jobId={pupil.jobId} pupil={pupil} />;
  if (!mayPublish(pupil)) return <Text inherit>–</Text>;
  return (
    <Stack gap="xs" align="flex-start">
      <Button
        variant="default"
        size="xs"
        loading={publishing.isPending}
        aria-label={`Publish the report of ${pupil.name}`}
        onClick={() => publishing.mutate([pupil.pupil_id])}
      >
        {pupil.state === 'not_published' ? 'Publish' : 'Publish again'}
      </Button>
      {publishing.isError && <ProblemAlert problem={publishing.error} />}
    </Stack>
  );
}
