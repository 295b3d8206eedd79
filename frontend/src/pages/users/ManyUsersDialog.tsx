/** One action for many users: what it will do, shown before it is done, and what it did. */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import {
  changeUsers,
  consequencesForUsers,
  type ManyUsersChange,
  type ManyUsersChanged,
  type UserFate,
} from '~/api/users';
import { Dialog } from '~/components/Dialog';
import { type ChosenGroup, GroupPicker } from '~/components/GroupPicker';
import { Loading, ProblemAlert } from '~/components/messages';
import { counted } from '~/school/words';
import { ACTION_NAMES, type Action, consequences, doneInWords, NEEDS_GROUP } from './many-users';

interface ManyUsersDialogProps {
  action: Action;
  ids: string[];
  onClose: () => void;
  /** After something was done: nothing is selected any more. */
  onDone: () => void;
}

/** Mounted for as long as it is open, so that each time is looked through anew. */
export function ManyUsersDialog({ action, ids, onClose, onDone }: ManyUsersDialogProps) {
  const [group, setGroup] = useState<ChosenGroup | null>(null);
  const queryClient = useQueryClient();
  const needsGroup = NEEDS_GROUP.has(action);
  const change: ManyUsersChange = { action, ids, ...(group && { group_id: group.id }) };
  const preview = useQuery({
    queryKey: ['many-users', change],
    queryFn: () => consequencesForUsers(change),
    enabled: !needsGroup || group !== null,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const carryOut = useMutation({
    mutationFn: () => changeUsers(change),
    onSettled: () =>
      Promise.all(
        ['users', 'roster'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  const done = carryOut.data;
  return (
    <Dialog opened onClose={done ? onDone : onClose} title={ACTION_NAMES[action]} size="lg">
      <Stack>
        {carryOut.isError && <ProblemAlert problem={carryOut.error} />}
        {done ? (
          <Result text={doneInWords(action, done.changed, group?.name)} done={done} />
        ) : (
          <>
            <Text>{counted(ids.length, 'user is', 'users are')} selected.</Text>
            {needsGroup && <GroupPicker label="Group" value={group} onChange={setGroup} />}
            {preview.isLoading && <Loading what="Working out what this will do" />}
            {preview.error && (
              <ProblemAlert problem={preview.error} onRetry={() => preview.refetch()} />
            )}
            {preview.data && (
              <>
                <List spacing="xs" aria-label="What this does">
                  {consequences(action, preview.data, group?.name).map((line) => (
                    <List.Item key={line}>{line}</List.Item>
                  ))}
                </List>
                <Changed fates={preview.data.items} />
                <LeftAlone fates={preview.data.items} />
              </>
            )}
          </>
        )}
        <Group justify="flex-end">
          {done ? (
            <Button onClick={onDone}>Done</Button>
          ) : (
            <>
              <Button variant="default" onClick={onClose}>
                Cancel
              </Button>
              <Button
                color={action === 'make_inactive' ? 'brick' : undefined}
                disabled={!preview.data || preview.data.changed === 0}
                loading={carryOut.isPending}
                onClick={() => carryOut.mutate()}
              >
                {ACTION_NAMES[action]}
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function Result({ text, done }: { text: string; done: ManyUsersChanged }) {
  return (
    <>
      <Alert color="leaf" icon={<CircleCheck aria-hidden />} role="status" title={text} />
      <Changed fates={done.items} />
      <LeftAlone fates={done.items} />
    </>
  );
}

const SHOWN_AT_ONCE = 6;

/** Their names can be looked at, however many they are. */
function Changed({ fates }: { fates: readonly UserFate[] }) {
  const changed = fates.filter(({ outcome }) => outcome === 'changed');
  if (changed.length === 0) return null;
  const names = changed.map(({ name }) => name).join(', ');
  if (changed.length <= SHOWN_AT_ONCE) return <Text size="sm">Who: {names}</Text>;
  return (
    <details>
      <summary>Who: {counted(changed.length, 'user')}</summary>
      <Text size="sm" mt="xs">
        {names}
      </Text>
    </details>
  );
}

/** Who is left as they are, and why (R4). */
function LeftAlone({ fates }: { fates: readonly UserFate[] }) {
  const left = fates.filter(({ outcome }) => outcome !== 'changed');
  if (left.length === 0) return null;
  return (
    <div>
      <Text fw={600} mb={4}>
        {counted(left.length, 'user is', 'users are')} left as they are
      </Text>
      <List spacing={4} size="sm" c="dimmed" aria-label="Left as they are">
        {left.map(({ id, name, reason }) => (
          <List.Item key={id}>
            {name}: {reason}
          </List.Item>
        ))}
      </List>
    </div>
  );
}
