/** In My account of the admin account: its address, who may change it, and what waits (R5). */
import { Group, List, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type AdminEmail, adminEmailQuery } from '~/api/admin-email';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { formatMoment } from '~/school/words';
import { WaitingAddress } from './WaitingAddress';

export function OwnAddress() {
  const { data, error, refetch } = useQuery(adminEmailQuery);
  if (error) return <ProblemAlert problem={error} onRetry={() => refetch()} />;
  if (!data) return <Loading />;
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Text fw={600}>E-mail address:</Text>
        <Text style={{ overflowWrap: 'anywhere' }}>{data.email ?? 'none'}</Text>
      </Group>
      {data.waiting && <WaitingAddress key={data.waiting.id} waiting={data.waiting} />}
      <WhoMayAsk leaders={data.leaders} />
    </Stack>
  );
}

function WhoMayAsk({ leaders }: { leaders: AdminEmail['leaders'] }) {
  if (leaders.length === 0) {
    return (
      <Text>
        This address changes only when a head or deputy asks for it, and nobody in your school is
        marked as one yet. Open your head in{' '}
        <TextLink to="/users" underline="always">
          User Management
        </TextLink>{' '}
        and choose “SLT, head” as the role. Seven days after that they can ask for another address.
      </Text>
    );
  }
  return (
    <>
      <Text>
        This address changes only when a head or deputy asks for it: they sign in as themselves and
        open “Admin account” in the menu. The new address then confirms it by a link. In your
        school:
      </Text>
      <List>
        {leaders.map((leader) => (
          <List.Item key={leader.name}>
            {leader.name}, {leader.leadership === 'head' ? 'head' : 'deputy head'}
            {whenTheyMay(leader.may_ask_from)}
          </List.Item>
        ))}
      </List>
    </>
  );
}

function whenTheyMay(from: string | null | undefined): string {
  if (!from) return ': once they have a password of their own';
  return new Date(from) > new Date() ? `: can ask from ${formatMoment(from)}` : '';
}
