/** The details of a user, to be changed. What was changed by hand stays so (R7, R13). */
import { Button, Group, Paper, Text, Title } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemError } from '~/api/problem';
import { saveUser, type User, userQuery } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { ReadOnlyField } from '~/components/ReadOnlyField';
import { HandBackDetails } from './HandBackDetails';
import { ReplaceUser } from './ReplaceUser';
import { UserForm } from './UserForm';
import { DETAIL_NAMES, detailsOf, detailsSetByHand, type UserValues, valuesOf } from './user-form';

export function UserDetails({ user }: { user: User }) {
  /** The user as the form began with: a page that asks again overwrites nothing that is typed. */
  const [seen, setSeen] = useState(user);
  /** Anew where somebody asks for what is there now. */
  const [begun, setBegun] = useState(0);
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (values: UserValues) =>
      saveUser(seen.id, { ...detailsOf(values), expected_version: seen.version }),
    onSuccess: (saved) => {
      setSeen(saved);
      notifications.show({ color: 'leaf', title: 'Saved', message: 'The details were saved.' });
      return queryClient.invalidateQueries({ queryKey: ['users'] });
    },
  });
  const outdated = save.error instanceof ProblemError && save.error.slug === 'changed-meanwhile';
  const startAgain = async () => {
    const now = await queryClient.fetchQuery({ ...userQuery(user.id), staleTime: 0 });
    save.reset();
    setBegun(begun + 1);
    setSeen(now.user);
  };
  // Making inactive and resetting are of another kind: what is typed here still stands.
  if (!save.isError && seen.version < user.version && sameDetails(seen, user)) setSeen(user);
  return (
    <Paper component="section" aria-label="Details" p="md">
      <Group justify="space-between" mb="xs">
        <Title order={2}>Details</Title>
        {/* Not in the form: what their own forms send would send this one too. */}
        <Group gap="xs">
          <ReplaceUser user={user} />
          <HandBackDetails user={user} />
        </Group>
      </Group>
      <UserForm
        key={begun}
        initial={valuesOf(seen)}
        problem={save.error}
        busy={save.isPending}
        submit="Save the details"
        guarded
        onSubmit={(values) => save.mutate(values)}
        actions={
          outdated && (
            <Button variant="default" onClick={startAgain}>
              Show what is there now
            </Button>
          )
        }
      >
        <ReadOnlyField
          label="Username"
          description="It never changes. If another one is needed, this person gets a new account, and this one is made inactive."
          value={seen.username}
        />
        <SetByHand overrides={user.overrides} />
      </UserForm>
    </Paper>
  );
}

function SetByHand({ overrides }: { overrides: readonly string[] }) {
  const names = detailsSetByHand(overrides).map((detail) => DETAIL_NAMES[detail]);
  if (names.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      Set by hand, and left alone by the MIS sync: {new Intl.ListFormat('en-GB').format(names)}.
    </Text>
  );
}

function detailsKey(user: User): string {
  return JSON.stringify(valuesOf(user));
}

function sameDetails(one: User, other: User): boolean {
  return detailsKey(one) === detailsKey(other);
}
