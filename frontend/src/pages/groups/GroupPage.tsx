/** One group: its details, who is linked to it and which pupils are in it (R6, R13, R14). */
import { Badge, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { groupQuery } from '~/api/roster';
import { TextLink } from '~/components/links';
import { Loading, Unavailable } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { ProblemPage } from '~/pages/errors/ProblemPage';
import { GroupActive } from './GroupActive';
import { GroupDetails } from './GroupDetails';
import { GroupPupils } from './GroupPupils';
import { GroupRollUp } from './GroupRollUp';
import { GroupUsers } from './GroupUsers';
import { KIND_NAMES, yearOf } from './group-form';

interface GroupPageProps {
  groupId: string;
  /** The page that lists this group and its address. */
  area: string;
  listedAt: '/groups' | '/my-groups';
  /** For the admin; others look. */
  editable?: boolean;
}

export function GroupPage({ groupId, area, listedAt, editable = false }: GroupPageProps) {
  const result = useQuery(groupQuery(groupId));
  if (result.error) return <ProblemPage error={result.error} reset={() => result.refetch()} />;
  if (!result.data) return <Loading />;
  const { group, pupils, taken_out, roll_up, unavailable } = result.data;
  return (
    <>
      <PageHeader
        title={group.name}
        area={<TextLink to={listedAt}>{area}</TextLink>}
        description={`${KIND_NAMES[group.kind]}, ${yearOf(group)}`}
        actions={!group.active && <Badge color="slate">Inactive</Badge>}
      />
      <Unavailable services={unavailable} />
      <Stack gap="lg">
        {editable && <GroupDetails group={group} />}
        <GroupUsers group={group} editable={editable} />
        {!unavailable.includes('roster') && (
          <GroupPupils
            group={group}
            pupils={pupils}
            takenOut={taken_out}
            editable={editable}
            linked={listedAt === '/groups'}
          />
        )}
        {editable && roll_up && <GroupRollUp group={group} rollUp={roll_up} />}
        {editable && <GroupActive group={group} rollUp={roll_up} />}
      </Stack>
    </>
  );
}
