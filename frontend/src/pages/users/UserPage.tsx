/** One user: details, groups, password, active or not (R4, R6, R7, R13). */
import { Badge, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { userQuery } from '~/api/users';
import { TextLink } from '~/components/links';
import { Loading, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { GroupsOfFormer } from './GroupsOfFormer';
import { UserActive } from './UserActive';
import { UserDetails } from './UserDetails';
import { UserGroups } from './UserGroups';
import { UserPassword } from './UserPassword';
import { UserTwoStep } from './UserTwoStep';

interface UserPageProps {
  userId: string;
  /** The account that this one has just taken the place of. */
  replaces: string | undefined;
}

export function UserPage({ userId, replaces }: UserPageProps) {
  const result = useQuery(userQuery(userId));
  if (result.error) return <ProblemPage error={result.error} reset={() => result.refetch()} />;
  if (!result.data) return <Loading />;
  const { user, unlinked, unavailable } = result.data;
  return (
    <>
      <PageHeader
        title={[user.title, user.forename, user.surname].filter(Boolean).join(' ')}
        area={<TextLink to="/users">User Management</TextLink>}
        description={`Username: ${user.username}`}
        actions={!user.active && <Badge color="slate">Inactive</Badge>}
      />
      <Unavailable services={unavailable} />
      <Stack gap="lg">
        {replaces && <GroupsOfFormer user={user} formerId={replaces} />}
        <UserDetails user={user} />
        {!unavailable.includes('roster') && <UserGroups user={user} unlinked={unlinked} />}
        <UserPassword user={user} />
        <UserTwoStep user={user} />
        <UserActive user={user} />
      </Stack>
    </>
  );
}
