/** What the last roll-up did, undoing it for 28 days, and running an undone one again (R12). */
import { Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { type LastRollUp as Last, runAgain, undo } from '~/api/roll-up';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { counted, formatMoment } from '~/school/words';
import { Pupils } from './Pupils';

export function LastRollUp({ last }: { last: Last }) {
  return (
    <>
      <Paper component="section" aria-label="The last roll-up" p="md">
        <Title order={2} mb="xs">
          Rolled up to {last.academic_year}
        </Title>
        <Stack align="flex-start">
          <Text>
            {formatMoment(last.ran_at)}: {counted(last.moved_up, 'pupil')} went up,{' '}
            {last.left_school} left.
            {last.undone_at && ` Undone: ${formatMoment(last.undone_at)}.`}
          </Text>
          {last.leavers_group && !last.undone_at && last.left_school > 0 && (
            <Text>
              Who left is in the set{' '}
              <TextLink
                to="/groups/$groupId"
                params={{ groupId: last.leavers_group.id }}
                inherit
                underline="always"
              >
                {last.leavers_group.name}
              </TextLink>
              , among its inactive pupils.
            </Text>
          )}
          {last.can_undo && <Undo last={last} />}
          {last.can_run_again && <RunAgain last={last} />}
        </Stack>
      </Paper>
      {!last.undone_at && (
        <Pupils
          title="Were left without a class"
          pupils={last.without_class}
          about="No class followed theirs."
        />
      )}
      <Pupils
        title="Not moved back"
        pupils={last.changed_since}
        about="Somebody or the MIS had changed them since, so undoing left them as they are. Please look at each."
      />
    </>
  );
}

function Undo({ last }: { last: Last }) {
  return (
    <Act
      action="Undo the roll-up"
      title="Undo the roll-up?"
      act={() => undo(last.id)}
      note={`It can be undone until ${formatMoment(last.undo_until)}.`}
    >
      <List spacing="xs">
        <List.Item>
          All pupils who are still as the roll-up left them go back to their year group and class.
          Those who left are active again, and are taken out of the set for leavers if they were put
          into one.
        </List.Item>
        <List.Item>Pupils who were changed since stay as they are, and are listed.</List.Item>
        <List.Item>
          The school is in the former academic year again. The roll-up then runs only when you say
          so.
        </List.Item>
      </List>
    </Act>
  );
}

function RunAgain({ last }: { last: Last }) {
  return (
    <Act
      action="Run the roll-up again"
      title={`Roll up to ${last.academic_year} now?`}
      act={runAgain}
    >
      <Text>All pupils go up as the table below says. It can be undone for 28 days.</Text>
    </Act>
  );
}

interface ActProps {
  action: string;
  title: string;
  act: () => ReturnType<typeof runAgain>;
  note?: string;
  children: React.ReactNode;
}

function Act({ action, title, act, note, children }: ActProps) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: act,
    onSuccess: dialog.close,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['roster'] }),
  });
  return (
    <Group>
      <Button variant="default" onClick={dialog.open}>
        {action}
      </Button>
      {note && <Text c="dimmed">{note}</Text>}
      <Dialog opened={open} onClose={dialog.close} title={title}>
        <Stack>
          {change.isError && <ProblemAlert problem={change.error} />}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button onClick={() => change.mutate()} loading={change.isPending}>
              {action}
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </Group>
  );
}
