/** The last step: what was done, and what to do next. */
import { Alert, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { CircleCheckBig } from 'lucide-react';
import type { UserImport } from '~/api/user-imports';
import { ButtonLink } from '~/components/links';
import { counted } from '~/school/words';
import { MendButton } from './Preview';
import { Rows } from './Rows';

export function Done({ made }: { made: UserImport }) {
  const counts = made.counts ?? { added: 0, updated: 0, unchanged: 0, rejected: 0 };
  return (
    <Stack gap="lg">
      <Alert
        color="leaf"
        icon={<CircleCheckBig aria-hidden />}
        role="status"
        title="The import is done"
      >
        <Text size="sm">
          {counted(counts.added, 'user')} added, {counts.updated} updated, {counts.unchanged}{' '}
          unchanged{counts.rejected > 0 && `, ${counted(counts.rejected, 'row')} left out`}.
        </Text>
      </Alert>
      <Paper p="lg">
        <Title order={2} mb="sm">
          What to do next
        </Title>
        <List spacing="xs">
          {counts.added > 0 && (
            <>
              <List.Item>
                Tell the new users their usernames and what they sign in with first: your school’s
                default password, or a starting code each if your school uses those. They have 14
                days to choose a password of their own.
              </List.Item>
              <List.Item>
                A new head or deputy has been sent a link by e-mail, which works for seven days.
              </List.Item>
              <List.Item>
                Link the new users to their groups, so that they see their pupils.
              </List.Item>
            </>
          )}
          {counts.rejected > 0 && (
            <List.Item>Mend the rows that were left out, and import that file as well.</List.Item>
          )}
          {counts.added + counts.rejected === 0 && <List.Item>Nothing: all is done.</List.Item>}
        </List>
        <Group mt="md">
          {counts.added > 0 && (
            <ButtonLink to="/users" search={{ password: 'default' }}>
              See who has the default password
            </ButtonLink>
          )}
          {counts.rejected > 0 && <MendButton made={made} />}
          <ButtonLink to="/users/import" search={{}} variant="default">
            Import another file
          </ButtonLink>
        </Group>
      </Paper>
      <Rows made={made} counts={counts} />
    </Stack>
  );
}
