/** Making a group inactive, and active again: nothing is deleted (R6), and who sees whom changes (R14). */
import { Button, Group, List, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import {
  type GroupDetail,
  type GroupRollUp,
  handBackField,
  reachQuery,
  saveGroup,
} from '~/api/groups';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { Loading, ProblemAlert } from '~/components/messages';
import { SetByHand } from './GroupDetails';
import { pupilsInWords, teachersInWords } from './group-reach';

interface GroupActiveProps {
  group: GroupDetail;
  rollUp: GroupRollUp | null;
}

export function GroupActive({ group, rollUp }: GroupActiveProps) {
  const [open, dialog] = useDisclosure(false);
  const queryClient = useQueryClient();
  const handBack = useMutation({
    mutationFn: () => handBackField(group, 'active'),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['roster'] }),
  });
  const action = group.active ? 'Make inactive' : 'Make active';
  return (
    <Paper component="section" aria-label="Active or inactive" p="md">
      <Title order={2} mb="xs">
        {group.active ? 'Active' : 'Inactive'}
      </Title>
      <Stack align="flex-start">
        {handBack.isError && <ProblemAlert problem={handBack.error} />}
        <Text>
          {group.active
            ? 'Groups are never deleted. Make a group inactive when it is no longer needed.'
            : 'Teachers see no pupils by this group. Its pupils, users and links are kept.'}
        </Text>
        {!group.active && group.active_reason && <Text>Reason: {group.active_reason}</Text>}
        {group.overrides.includes('active') && (
          <SetByHand
            field="active"
            busy={handBack.isPending}
            onHandBack={() => handBack.mutate()}
          />
        )}
        <Button variant="default" onClick={dialog.open}>
          {action}
        </Button>
      </Stack>
      <Dialog opened={open} onClose={dialog.close} title={`${action}: ${group.name}?`}>
        {/* Mounted for as long as it is open: each time is looked at anew. */}
        <Confirm group={group} rollUp={rollUp} action={action} onClose={dialog.close} />
      </Dialog>
    </Paper>
  );
}

interface ConfirmProps extends GroupActiveProps {
  action: string;
  onClose: () => void;
}

function Confirm({ group, rollUp, action, onClose }: ConfirmProps) {
  const [reason, setReason] = useState('');
  const [missing, setMissing] = useState(false);
  const queryClient = useQueryClient();
  const reach = useQuery(reachQuery(group.id));
  const change = useMutation({
    mutationFn: () =>
      saveGroup(group.id, {
        expected_version: group.version,
        active: !group.active,
        ...(group.active && { active_reason: reason.trim() }),
      }),
    onSuccess: onClose,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['roster'] }),
  });
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (group.active && !reason.trim()) setMissing(true);
    else change.mutate();
  };
  return (
    <form onSubmit={send} noValidate>
      <Stack>
        {change.isError && <ProblemAlert problem={change.error} />}
        {reach.error && <ProblemAlert problem={reach.error} onRetry={() => reach.refetch()} />}
        {reach.isLoading && <Loading what="Working out what this will do" />}
        {reach.data && (
          <List spacing="xs" aria-label="What this does">
            {teachersInWords(reach.data, group.active).map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
            <List.Item>
              SLT and the admin account see {group.active ? 'the whole school as before' : 'it too'}
              .
            </List.Item>
            <List.Item>{pupilsInWords(reach.data, group.active)}</List.Item>
            {group.active && rollUp && rollUp.precedes.length > 0 && (
              <List.Item>No pupils come into it at the roll-up.</List.Item>
            )}
            {group.active && rollUp?.takes_leavers && (
              <List.Item>Pupils who leave at the roll-up are put into no set any more.</List.Item>
            )}
            <List.Item>
              {group.active
                ? 'Its pupils, users and links are kept. You can make it active again at any time.'
                : 'It has the pupils, users and links that it had.'}{' '}
              The MIS sync leaves it so, until you hand it back.
            </List.Item>
          </List>
        )}
        {group.active && (
          <TextInput
            label="Reason"
            required
            description="Such as “two classes became one”. It stands on this page and in the activity log."
            maxLength={200}
            value={reason}
            error={missing && !reason.trim() ? 'Enter a reason' : undefined}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            color={group.active ? 'brick' : undefined}
            disabled={!reach.data}
            loading={change.isPending}
          >
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
