/** A parent's home page: the children whose dates of birth they have confirmed (R2). */
import { Alert, EmptyState, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Info, UserRound } from 'lucide-react';
import { type OwnChildren, ownChildrenQuery } from '~/api/children';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { counted, yearGroupName } from '~/school/words';
import { ReportsLink } from './reports/ReportsLink';

export function ChildrenPage() {
  const { data, error, refetch } = useQuery(ownChildrenQuery);
  return (
    <>
      <PageHeader title="My children" description="Your children at this school." />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {data && (
        <Stack>
          <NotShownYet family={data} />
          {data.items.length === 0 ? (
            <Paper>
              <EmptyState
                icon={<UserRound aria-hidden />}
                variant="light"
                py="xl"
                title="No child is shown here yet"
                description="If you have a child at this school, ask the school office to link them to your account."
              />
            </Paper>
          ) : (
            <SimpleGrid
              component="ul"
              aria-label="My children"
              cols={{ base: 1, xs: 2, lg: 3 }}
              m={0}
              p={0}
              style={{ listStyle: 'none' }}
            >
              {data.items.map((child) => (
                <Paper component="li" key={child.id} p="lg">
                  <Text fw={650} size="lg">
                    {child.name}
                  </Text>
                  <Text c="dimmed">
                    {child.year_group ? yearGroupName(child.year_group) : 'Year group not known'}
                  </Text>
                  <ReportsLink childId={child.id} name={child.name} />
                </Paper>
              ))}
            </SimpleGrid>
          )}
        </Stack>
      )}
    </>
  );
}

function NotShownYet({
  family: { to_confirm: waiting, without_date: without },
}: {
  family: OwnChildren;
}) {
  if (waiting === 0 && without === 0) return null;
  return (
    <Alert icon={<Info aria-hidden />} role="status" title="Not all of your children are shown yet">
      {waiting > 0 && (
        <Text size="sm">
          Your school has linked {counted(waiting, 'child', 'children')} to your account. Sign out
          and sign in again to confirm the date of birth.
        </Text>
      )}
      {without > 0 && (
        <Text size="sm">
          Of {counted(without, 'child', 'children')} your school has no date of birth yet, so you
          cannot confirm it. Please tell the school office.
        </Text>
      )}
    </Alert>
  );
}
