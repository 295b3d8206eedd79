/** One group: who is linked to it and which pupils are in it (R13, R14). */
import { Badge, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type GroupUser, groupQuery, type Pupil } from '~/api/roster';
import { columnsOf, DataTable } from '~/components/DataTable';
import { TextLink } from '~/components/links';
import { Loading, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ByHandBadge, PupilNameText, RoleText } from '~/components/people';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { counted, formatDate, yearGroupName } from '~/school/words';

interface GroupPageProps {
  groupId: string;
  /** The page that lists this group and its address. */
  area: string;
  listedAt: '/groups' | '/my-groups';
}

const column = columnsOf<Pupil>();
const columns = column.columns([
  column.accessor('legal_surname', {
    header: 'Name',
    cell: ({ row }) => <PupilNameText pupil={row.original} />,
  }),
  column.accessor('year_group', {
    header: 'Year',
    cell: ({ row }) =>
      row.original.year_group ? yearGroupName(row.original.year_group) : 'Not known',
  }),
  column.accessor('date_of_birth', {
    header: 'Date of birth',
    cell: ({ row }) =>
      row.original.date_of_birth ? formatDate(row.original.date_of_birth) : 'Not known',
  }),
  column.accessor('upn', { header: 'UPN', cell: ({ getValue }) => getValue() ?? 'None' }),
]);

export function GroupPage({ groupId, area, listedAt }: GroupPageProps) {
  const result = useQuery(groupQuery(groupId));
  if (result.error) return <ProblemPage error={result.error} reset={() => result.refetch()} />;
  if (!result.data) return <Loading />;
  const { group, pupils, unavailable } = result.data;
  const year = group.year_group ? yearGroupName(group.year_group) : 'Mixed years';
  return (
    <>
      <PageHeader
        title={group.name}
        area={<TextLink to={listedAt}>{area}</TextLink>}
        description={`${group.kind === 'class' ? 'Class' : 'Set'}, ${year}`}
        actions={!group.active && <Badge color="slate">Inactive</Badge>}
      />
      <Unavailable services={unavailable} />
      <Stack gap="lg">
        <Users users={group.users} />
        {!unavailable.includes('roster') && <Pupils group={group} pupils={pupils} />}
      </Stack>
    </>
  );
}

function Pupils({ group, pupils }: { group: { name: string }; pupils: Pupil[] }) {
  return (
    <Paper component="section" aria-label="Pupils" style={{ overflow: 'hidden' }}>
      <Group justify="space-between" p="md">
        <Title order={2}>Pupils</Title>
        <Text c="dimmed">{counted(pupils.length, 'pupil')}</Text>
      </Group>
      {pupils.length > 0 ? (
        <DataTable caption={`Pupils of ${group.name}`} columns={columns} rows={pupils} />
      ) : (
        <Text c="dimmed" px="md" pb="md">
          No pupils are in this group.
        </Text>
      )}
    </Paper>
  );
}

function Users({ users }: { users: GroupUser[] }) {
  return (
    <Paper component="section" aria-label="Users" p="md">
      <Title order={2} mb="xs">
        Users
      </Title>
      {users.length === 0 && <Text c="dimmed">No user is linked to this group.</Text>}
      <Stack component="ul" gap="xs" m={0} p={0} style={{ listStyle: 'none' }}>
        {users.map((user) => (
          <Group component="li" key={user.id} gap="sm">
            <Text fw={600}>
              {[user.title, user.forename, user.surname].filter(Boolean).join(' ')}
            </Text>
            <Text c="dimmed">
              <RoleText role={user.role} />
            </Text>
            {!user.active && <Badge color="slate">Inactive</Badge>}
            {user.link.override && <ByHandBadge />}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
