/** My account: one's own password, and where one is signed in (R1, R3). */
import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { Session } from '~/api/session';
import { ButtonLink } from '~/components/links';
import { PageHeader } from '~/components/PageHeader';
import { OwnAddress } from '~/pages/admin-account/OwnAddress';
import { ChangePassword } from './ChangePassword';
import { OwnSessions } from './OwnSessions';

export function AccountPage({ session }: { session: Session }) {
  const { account } = session;
  return (
    <>
      <PageHeader title="My account" description={account.name} />
      <Stack gap="lg">
        <Paper component="section" aria-label="Your details" p="md">
          <Title order={2} mb="sm">
            Your details
          </Title>
          <Stack gap={4}>
            {account.kind !== 'parent' && <Detail label="Username" value={account.username} />}
            {account.kind !== 'admin' && <Detail label="E-mail address" value={account.email} />}
          </Stack>
          {account.kind === 'admin' && <OwnAddress />}
        </Paper>
        <ChangePassword username={account.username ?? account.email ?? ''} />
        <Paper component="section" aria-label="Two-step sign-in" p="md">
          <Title order={2} mb="xs">
            Two-step sign-in
          </Title>
          <Text mb="sm">
            A code from an app on your phone after your password, so that nobody can sign in with
            your password alone.
          </Text>
          <ButtonLink to="/account/two-step" variant="default">
            Authenticators and recovery codes
          </ButtonLink>
        </Paper>
        <OwnSessions shared={account.kind === 'admin'} />
      </Stack>
    </>
  );
}

function Detail({ label, value }: { label: string; value?: string | null }) {
  return (
    <Group gap="xs">
      <Text fw={600}>{label}:</Text>
      <Text style={{ overflowWrap: 'anywhere' }}>{value ?? 'none'}</Text>
    </Group>
  );
}
