/** The admin account as heads and deputies see it: its address, and asking for another (R5). */
import { Alert, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Hourglass } from 'lucide-react';
import { adminEmailQuery } from '~/api/admin-email';
import { Loading } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { AskForAddress } from './AskForAddress';
import { WaitingAddress } from './WaitingAddress';

export function AdminAccountPage() {
  const { data, error, refetch } = useQuery(adminEmailQuery);
  if (error) return <ProblemPage error={error} reset={() => refetch()} />;
  if (!data) return <Loading />;
  return (
    <>
      <PageHeader
        title="Admin account"
        description="Your school has one admin account for its settings. Whoever reads its e-mail can set its password, so its address changes only when a head or deputy asks for it."
      />
      <Stack gap="lg">
        <Paper component="section" aria-labelledby="present-address" p="md">
          <Title order={2} id="present-address" mb="xs">
            Present e-mail address
          </Title>
          <Text style={{ overflowWrap: 'anywhere' }}>{data.email ?? 'none'}</Text>
        </Paper>
        {data.waiting && <WaitingAddress key={data.waiting.id} waiting={data.waiting} />}
        {data.can_ask && (
          <AskForAddress key={data.waiting?.id ?? 'first'} replaces={Boolean(data.waiting)} />
        )}
        {data.cannot_ask_reason && (
          <Alert
            color="lagoon"
            icon={<Hourglass aria-hidden />}
            title="You cannot ask for another address yet"
          >
            <Text size="sm">{data.cannot_ask_reason}</Text>
          </Alert>
        )}
      </Stack>
    </>
  );
}
