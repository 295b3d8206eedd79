/** Inactive pupils who are in a group, shown to who asks: they never count (R6, R29). */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type GroupDetail, inactivePupilsQuery, type Member } from '~/api/groups';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PupilNameText } from '~/components/people';
import { counted, yearGroupName } from '~/school/words';

const SHOWN = 200;

const column = columnsOf<Member>();
const columns = column.columns([
  column.accessor('legal_surname', {
    header: 'Name',
    cell: ({ row }) => <PupilNameText pupil={row.original} />,
  }),
  column.accessor('year_group', {
    header: 'Year',
    cell: ({ row: { original: pupil } }) =>
      pupil.year_group ? yearGroupName(pupil.year_group) : 'Not known',
  }),
  column.accessor('active_reason', {
    header: 'Inactive because',
    cell: ({ row }) => row.original.active_reason ?? 'No reason given',
  }),
]);

export function InactivePupils({ group, editable }: { group: GroupDetail; editable: boolean }) {
  const [open, { toggle }] = useDisclosure(false);
  const found = useQuery({ ...inactivePupilsQuery(group.id, SHOWN), enabled: open });
  const count = group.inactive_member_count;
  if (count === 0) return null;
  return (
    <Stack gap="xs" py="md">
      <Group px="md" gap="sm">
        <Text c="dimmed">
          {counted(count, 'inactive pupil is', 'inactive pupils are')} in this group too, and not
          counted.
        </Text>
        <Button size="xs" variant="default" aria-expanded={open} onClick={toggle}>
          {open ? 'Hide them' : 'Show them'}
        </Button>
      </Group>
      {open && found.error && <ProblemAlert problem={found.error} />}
      {open && found.isLoading && <Loading />}
      {open && found.data && (
        <DataTable
          caption={`Inactive pupils of ${group.name}`}
          columns={columns}
          rows={found.data.items}
        />
      )}
      {open && editable && count > SHOWN && (
        <Text px="md">
          These are the first {SHOWN}.{' '}
          <TextLink
            to="/pupils"
            search={{ group: group.id, active: false }}
            inherit
            underline="always"
          >
            See all in Pupil Management
          </TextLink>
        </Text>
      )}
    </Stack>
  );
}
