/** Many people put into a group or taken out: what it will do, shown before it is done (R13). */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import {
  changeLinks,
  type GroupDetail,
  type ManyLinks,
  type MembersChanged,
  type People,
  previewLinks,
} from '~/api/groups';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { LeftAsTheyAre } from '~/components/link-by-hand';
import { Loading, ProblemAlert } from '~/components/messages';
import { doneInWords, titleOf, whatItDoes } from './many-links';

interface ManyLinksProps {
  group: GroupDetail;
  people: People;
  ids: string[];
  present: boolean;
  onClose: () => void;
  /** After something was done. */
  onDone: () => void;
  /** Back to who is chosen, where that was a step of its own. */
  onBack?: () => void;
}

export function ManyLinksDialog(props: ManyLinksProps) {
  const { group, people, present, onClose } = props;
  return (
    <Dialog opened onClose={onClose} title={titleOf(people, group.name, present)} size="lg">
      <LookAndDo {...props} />
    </Dialog>
  );
}

/** Mounted for as long as it is shown, so that each time is looked through anew. */
export function LookAndDo(props: ManyLinksProps) {
  const { group, people, ids, present, onClose, onDone, onBack } = props;
  const queryClient = useQueryClient();
  const wanted: ManyLinks = { people, groupId: group.id, ids, present };
  const preview = useQuery({
    queryKey: ['many-links', wanted],
    queryFn: () => previewLinks(wanted),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const carryOut = useMutation({
    mutationFn: (looked: MembersChanged) => changeLinks(wanted, looked),
    onError: () => preview.refetch(),
    onSettled: () =>
      Promise.all(
        ['users', 'roster'].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  const done = carryOut.data;
  const looked = preview.data;
  return (
    <Stack>
      {carryOut.isError && <ProblemAlert problem={carryOut.error} />}
      {preview.error && <ProblemAlert problem={preview.error} onRetry={() => preview.refetch()} />}
      {preview.isLoading && <Loading what="Working out what this will do" />}
      {done && (
        <Alert
          color="leaf"
          icon={<CircleCheck aria-hidden />}
          role="status"
          title={doneInWords(people, group.name, present, done.changed)}
        />
      )}
      {!done && looked && (
        <List spacing="xs" aria-label="What this does">
          {whatItDoes(people, group.name, present, looked).map((line) => (
            <List.Item key={line}>{line}</List.Item>
          ))}
        </List>
      )}
      {looked && <Fates looked={done ?? looked} people={people} />}
      <Group justify="flex-end">
        {done ? (
          <Button onClick={onDone}>Done</Button>
        ) : (
          <>
            {onBack && (
              <Button variant="default" onClick={onBack}>
                Back
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              disabled={!looked || looked.changed === 0}
              loading={carryOut.isPending || preview.isRefetching}
              onClick={() => looked && carryOut.mutate(looked)}
            >
              {titleOf(people, group.name, present)}
            </Button>
          </>
        )}
      </Group>
    </Stack>
  );
}

function Fates({ looked, people }: { looked: MembersChanged; people: People }) {
  const changed = looked.items.filter(({ outcome }) => outcome === 'changed');
  const left = looked.items.filter(({ outcome }) => outcome !== 'changed');
  return (
    <>
      {changed.length > 0 && (
        <div>
          <Text fw={600}>Who</Text>
          <List spacing={4} size="sm" aria-label="Who is changed">
            {changed.map(({ person_id, name, note }) => (
              <List.Item key={person_id}>
                {name}
                {note && <Text component="span" inherit c="dimmed">{` – ${note}`}</Text>}
              </List.Item>
            ))}
          </List>
        </div>
      )}
      <LeftAsTheyAre fates={left} thing={people === 'users' ? 'user' : 'pupil'} />
    </>
  );
}
