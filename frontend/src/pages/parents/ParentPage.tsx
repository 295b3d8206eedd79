/** One parent: details, children, the link that they sign in with, active or not (R2, R4, R6). */
import { Badge, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { parentQuery } from '~/api/parents';
import { TextLink } from '~/components/links';
import { Loading } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { UserTwoStep } from '~/pages/users/UserTwoStep';
import { ParentActive } from './ParentActive';
import { ParentChildren } from './ParentChildren';
import { ParentDetails } from './ParentDetails';
import { ParentLink } from './ParentLink';

export function ParentPage({ parentId }: { parentId: string }) {
  const { data: parent, error, refetch } = useQuery(parentQuery(parentId));
  if (error) return <ProblemPage error={error} reset={() => refetch()} />;
  if (!parent) return <Loading />;
  return (
    <>
      <PageHeader
        title={[parent.title, parent.forename, parent.surname].filter(Boolean).join(' ')}
        area={<TextLink to="/parents">Parent Management</TextLink>}
        description={parent.email ?? 'No e-mail address'}
        actions={!parent.active && <Badge color="slate">Inactive</Badge>}
      />
      <Stack gap="lg">
        <ParentChildren parent={parent} />
        <ParentLink parent={parent} />
        <ParentDetails parent={parent} />
        <UserTwoStep user={parent} />
        <ParentActive parent={parent} />
      </Stack>
    </>
  );
}
