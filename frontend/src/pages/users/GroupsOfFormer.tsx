/** After an account took another's place: the groups of the former one, to be linked to it (R13). */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { addOneLink } from '~/api/groups';
import { type User, userQuery } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { ProblemAlert } from '~/components/messages';

interface GroupsOfFormerProps {
  user: User;
  formerId: string;
}

export function GroupsOfFormer({ user, formerId }: GroupsOfFormerProps) {
  const queryClient = useQueryClient();
  const former = useQuery(userQuery(formerId)).data?.user;
  const linked = new Set(user.groups.map(({ id }) => id));
  const missing = former?.groups.filter(({ id }) => !linked.has(id)) ?? [];
  const link = useMutation({
    mutationFn: async () => {
      for (const { id } of missing) {
        await addOneLink({ people: 'users', groupId: id, personId: user.id });
      }
    },
    onSettled: () =>
      Promise.all(
        ['users', 'roster'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  if (!former) return null;
  const names = new Intl.ListFormat('en-GB').format(missing.map(({ name }) => name));
  return (
    <Alert
      color="leaf"
      icon={<CircleCheck aria-hidden />}
      role="status"
      title={`This account takes the place of ${former.username}`}
    >
      <Stack align="flex-start" gap="sm">
        <Text size="sm">
          {former.username} is inactive now. {user.forename} signs in with the username{' '}
          {user.username} from now on.
        </Text>
        {link.isError && <ProblemAlert problem={link.error} />}
        {missing.length > 0 && (
          <>
            <Text size="sm">The old account was linked to {names}.</Text>
            <Button size="xs" onClick={() => link.mutate()} loading={link.isPending}>
              Link the same groups
            </Button>
          </>
        )}
      </Stack>
    </Alert>
  );
}
