/** Roll-up: what happens to each class on 26 August, who leaves, and undoing it (R12). */
import { Alert, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { type RollUpPlan, rollUpQuery } from '~/api/roll-up';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { PageHeader } from '~/components/PageHeader';
import { counted, formatDate } from '~/school/words';
import { Classes } from './Classes';
import { LastRollUp } from './LastRollUp';
import { Pupils } from './Pupils';

export function RollUpPage() {
  const { data: plan, error, refetch } = useQuery(rollUpQuery);
  return (
    <>
      <PageHeader
        title="Roll-up"
        area="Data Management"
        description="On 26 August all pupils go up to their next year group and class by themselves. Please do not move them up by hand in the summer."
      />
      {error && <ProblemAlert problem={error} onRetry={() => refetch()} />}
      {!plan && !error && <Loading />}
      {plan && (
        <Stack gap="lg">
          {plan.last && <LastRollUp last={plan.last} />}
          <Next plan={plan} />
          <Classes plan={plan} />
          <Pupils
            title="Leaving"
            pupils={plan.leaving}
            about="They are in the school’s last year group. They become inactive, with everything they had."
          >
            <LeaversSet plan={plan} />
          </Pupils>
          <Pupils
            title="Without a class afterwards"
            pupils={plan.without_class}
            about="No class follows theirs. Choose one above, or put them into a class afterwards."
          />
          <Pupils
            title="Without a year group"
            pupils={plan.without_year}
            about="They stay as they are. Give them a year group in Pupil Management."
          />
        </Stack>
      )}
    </>
  );
}

/** Where else leavers are put, which is set in School settings. */
function LeaversSet({ plan }: { plan: RollUpPlan }) {
  const { leavers_group: set, leavers_group_stands: stands } = plan;
  return (
    <Text mb="sm">
      {set && stands && (
        <>
          They are put into the set{' '}
          <TextLink to="/groups/$groupId" params={{ groupId: set.id }} inherit underline="always">
            {set.name}
          </TextLink>{' '}
          as well.
        </>
      )}
      {set && !stands && `${set.name} is no active set any more, so they are put into no set.`}
      {!set && 'They are put into no set.'}{' '}
      <TextLink to="/settings" hash="roll-up" inherit underline="always">
        Change it in School settings
      </TextLink>
    </Text>
  );
}

function Next({ plan }: { plan: RollUpPlan }) {
  const undone = plan.last?.can_run_again;
  return (
    <Alert
      icon={<CalendarClock aria-hidden />}
      title={
        undone
          ? `The roll-up to ${plan.next_academic_year} waits for you`
          : `Next roll-up: ${formatDate(plan.due_on)}, from ${plan.academic_year} to ${plan.next_academic_year}`
      }
    >
      <Text size="sm">
        As things are today, {counted(plan.moving_up, 'pupil')} would go up and{' '}
        {plan.leaving.length} would leave.
        {undone ? ' It was undone, so it does not run again by itself.' : ''}
      </Text>
    </Alert>
  );
}
