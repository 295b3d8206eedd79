/** The details of a group, to be changed. What was changed by hand stays so (R13). */
import { Button, Group, List, Paper, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type GroupDetail, type GroupField, handBackField, saveGroup } from '~/api/groups';
import { ProblemError } from '~/api/problem';
import { groupQuery } from '~/api/roster';
import { useMutation } from '~/app/mutation';
import { HAND_BACK, LinkAction } from '~/components/link-by-hand';
import { ProblemAlert } from '~/components/messages';
import { ByHandBadge } from '~/components/people';
import { GroupForm } from './GroupForm';
import { changedMeanwhile, detailsOf, FIELD_NAMES, type GroupValues, valuesOf } from './group-form';

export function GroupDetails({ group }: { group: GroupDetail }) {
  /** The group as the form began with: a page that asks again overwrites nothing that is typed. */
  const [seen, setSeen] = useState(group);
  /** Anew where somebody asks for what is there now. */
  const [begun, setBegun] = useState(0);
  const queryClient = useQueryClient();
  const renew = () => queryClient.invalidateQueries({ queryKey: ['roster'] });
  const save = useMutation({
    mutationFn: (values: GroupValues) =>
      saveGroup(seen.id, { ...detailsOf(values), expected_version: seen.version }),
    onSuccess: (saved) => {
      setSeen(saved);
      notifications.show({ color: 'leaf', title: 'Saved', message: 'The group was saved.' });
      return renew();
    },
  });
  const handBack = useMutation({
    mutationFn: (field: GroupField) => handBackField(group, field),
    onSettled: renew,
  });
  const outdated = save.error instanceof ProblemError && save.error.slug === 'changed-since';
  const startAgain = async () => {
    const now = await queryClient.fetchQuery({ ...groupQuery(group.id), staleTime: 0 });
    save.reset();
    setBegun(begun + 1);
    setSeen(now.group);
  };
  // Handing back and making inactive are of another kind: what is typed here still stands.
  if (!save.isError && seen.version < group.version && sameDetails(seen, group)) setSeen(group);
  return (
    <Paper component="section" aria-label="Details" p="md">
      <Title order={2} mb="xs">
        Details
      </Title>
      {handBack.isError && <ProblemAlert problem={handBack.error} />}
      <GroupForm
        key={begun}
        groupId={group.id}
        initial={valuesOf(seen)}
        problem={save.error}
        busy={save.isPending}
        submit="Save the details"
        guarded
        onSubmit={(values) => save.mutate(values)}
        about={outdated && <Meanwhile seen={seen} problem={save.error} />}
        below={(field) =>
          group.overrides.includes(field) && (
            <SetByHand field={field} busy={handBack.isPending} onHandBack={handBack.mutate} />
          )
        }
        actions={
          outdated && (
            <Button variant="default" onClick={startAgain}>
              Show what is there now
            </Button>
          )
        }
      />
    </Paper>
  );
}

function Meanwhile({ seen, problem }: { seen: GroupDetail; problem: Error | null }) {
  const now = problem instanceof ProblemError ? problem.current : undefined;
  return (
    <List size="sm" aria-label="Changed meanwhile">
      {now && changedMeanwhile(seen, now).map((line) => <List.Item key={line}>{line}</List.Item>)}
    </List>
  );
}

interface SetByHandProps {
  field: GroupField;
  busy: boolean;
  onHandBack: (field: GroupField) => void;
}

/** Beside a field that the sync leaves alone. */
export function SetByHand({ field, busy, onHandBack }: SetByHandProps) {
  return (
    <Group gap="xs">
      <ByHandBadge />
      <LinkAction
        label={`${HAND_BACK}: ${FIELD_NAMES[field]}`}
        disabled={busy}
        onClick={() => onHandBack(field)}
      >
        {HAND_BACK}
      </LinkAction>
    </Group>
  );
}

function detailsKey(group: GroupDetail): string {
  return JSON.stringify(valuesOf(group));
}

function sameDetails(one: GroupDetail, other: GroupDetail): boolean {
  return detailsKey(one) === detailsKey(other);
}
