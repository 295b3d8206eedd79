/** A teacher's or senior leader's own groups: their home page. */
import { EmptyState, Paper, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { UsersRound } from 'lucide-react';
import { homeQuery } from '~/api/home';
import { sessionQuery } from '~/api/session';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { counted, yearGroupName } from '~/school/words';
import classes from './MyGroupsPage.module.css';

export function MyGroupsPage() {
  const { data, error, refetch } = useQuery(homeQuery);
  const seesAll = useQuery(sessionQuery).data?.account.role === 'slt';
  const groups =
    data?.kind === 'user' && !data.unavailable.includes('roster') ? data.groups : undefined;
  return (
    <>
      <PageHeader
        title="My groups"
        description={
          seesAll
            ? 'All classes and sets of the school. Open one to see its pupils.'
            : 'The classes and sets that you are linked to. Open one to see its pupils.'
        }
      />
      <Unavailable services={data?.unavailable ?? []} />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!data && !error && <Loading />}
      {groups?.length === 0 && (
        <Paper>
          <EmptyState
            icon={<UsersRound aria-hidden />}
            variant="light"
            py="xl"
            title="You are not linked to any group yet"
            description="Your school’s administrator can link you to your classes in Group Management."
          />
        </Paper>
      )}
      {groups && groups.length > 0 && (
        <SimpleGrid component="ul" className={classes.list} cols={{ base: 1, xs: 2, lg: 3 }}>
          {groups.map((group) => (
            <Paper component="li" key={group.id} className={classes.card} p="lg">
              <TextLink
                to="/my-groups/$groupId"
                params={{ groupId: group.id }}
                className={classes.name}
              >
                {group.name}
              </TextLink>
              <Text c="dimmed" size="sm">
                {group.kind === 'class' ? 'Class' : 'Set'},{' '}
                {group.year_group ? yearGroupName(group.year_group) : 'mixed years'}
              </Text>
              <Text mt="sm" fw={600}>
                {counted(group.member_count, 'pupil')}
              </Text>
            </Paper>
          ))}
        </SimpleGrid>
      )}
    </>
  );
}
