/** Where one is signed in, and ending it there. */
import { Badge, Button, Paper, Text, Title } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { endOneSession, type OwnSession, ownSessionsQuery } from '~/api/account';
import { useMutation } from '~/app/mutation';
import { columnsOf, DataTable } from '~/components/DataTable';
import { Loading, ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';

const column = columnsOf<OwnSession>();
const columns = column.columns([
  column.accessor('created_at', {
    header: 'Signed in',
    cell: ({ getValue }) => formatMoment(getValue()),
  }),
  column.accessor('seen_at', {
    header: 'Last used',
    cell: ({ getValue }) => formatMoment(getValue()),
  }),
  column.accessor('authenticator', {
    header: 'With',
    cell: ({ getValue }) => getValue() ?? 'Password',
  }),
  column.accessor('current', {
    header: 'Where',
    cell: ({ row }) =>
      row.original.current ? <Badge>This browser</Badge> : <EndSession session={row.original} />,
  }),
]);

export function OwnSessions({ shared }: { shared: boolean }) {
  const { data, error, refetch } = useQuery(ownSessionsQuery);
  return (
    <Paper component="section" aria-label="Where you are signed in" style={{ overflow: 'hidden' }}>
      <Title order={2} p="md" pb={4}>
        Where you are signed in
      </Title>
      <Text px="md" pb="sm" c="dimmed">
        {shared
          ? 'The admin account can be shared, so some of these may be colleagues.'
          : 'If you do not know one of these, end it and change your password.'}
      </Text>
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && <DataTable caption="Your sessions" columns={columns} rows={data} />}
    </Paper>
  );
}

function EndSession({ session }: { session: OwnSession }) {
  const queryClient = useQueryClient();
  const end = useMutation({
    mutationFn: () => endOneSession(session.id),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ownSessionsQuery.queryKey }),
  });
  return (
    <Button
      size="xs"
      variant="default"
      loading={end.isPending}
      onClick={() => end.mutate()}
      aria-label={`End the session since ${formatMoment(session.created_at)}`}
    >
      End
    </Button>
  );
}
