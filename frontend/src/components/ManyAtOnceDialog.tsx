/** One action for many: what it will do, shown before it is done, and what it did. */
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useMutation } from '~/app/mutation';
import { counted } from '~/school/words';
import { Dialog } from './Dialog';
import { Loading, ProblemAlert } from './messages';

export interface Fate {
  id: string;
  name: string;
  outcome: 'changed' | 'unchanged' | 'refused';
  reason?: string | null;
}

interface Fates {
  changed: number;
  items: readonly Fate[];
}

interface ManyAtOnceDialogProps<Preview extends Fates> {
  /** The action, as its button says it. */
  title: string;
  /** What is changed: `user` for '3 users are selected'. */
  thing: string;
  count: number;
  /** What the action needs besides, asked for before it is looked through. */
  fields?: ReactNode;
  /** What is asked of the server: by it the looking through is known. */
  change: object;
  /** Whether enough is known to look it through, and to do it. */
  ready?: boolean;
  complete?: boolean;
  lookAhead: () => Promise<Preview>;
  carryOut: () => Promise<Fates>;
  /** Line by line. */
  consequences: (preview: Preview) => string[];
  doneInWords: (changed: number) => string;
  /** What else helps where it is refused. */
  help?: (problem: Error) => ReactNode;
  danger?: boolean;
  /** The parts of the cache that it changes. */
  changes: readonly string[];
  onClose: () => void;
  /** After something was done: nothing is selected any more. */
  onDone: () => void;
}

/** Mounted for as long as it is open, so that each time is looked through anew. */
export function ManyAtOnceDialog<Preview extends Fates>(props: ManyAtOnceDialogProps<Preview>) {
  const { title, thing, count, ready = true, complete = true, help, onClose, onDone } = props;
  const queryClient = useQueryClient();
  const preview = useQuery({
    queryKey: ['many-at-once', thing, props.change],
    queryFn: props.lookAhead,
    enabled: ready,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const carryOut = useMutation({
    mutationFn: props.carryOut,
    onSettled: () =>
      Promise.all(props.changes.map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
  const done = carryOut.data;
  return (
    <Dialog opened onClose={done ? onDone : onClose} title={title} size="lg">
      <Stack>
        {carryOut.error && (
          <ProblemAlert problem={carryOut.error}>{help?.(carryOut.error)}</ProblemAlert>
        )}
        {done ? (
          <>
            <Alert
              color="leaf"
              icon={<CircleCheck aria-hidden />}
              role="status"
              title={props.doneInWords(done.changed)}
            />
            <Changed fates={done.items} thing={thing} />
            <LeftAlone fates={done.items} thing={thing} />
          </>
        ) : (
          <>
            <Text>{counted(count, `${thing} is`, `${thing}s are`)} selected.</Text>
            {props.fields}
            {preview.isLoading && <Loading what="Working out what this will do" />}
            {preview.error && !carryOut.error && (
              <ProblemAlert problem={preview.error} onRetry={() => preview.refetch()}>
                {help?.(preview.error)}
              </ProblemAlert>
            )}
            {preview.data && (
              <>
                <List spacing="xs" aria-label="What this does">
                  {props.consequences(preview.data).map((line) => (
                    <List.Item key={line}>{line}</List.Item>
                  ))}
                </List>
                <Changed fates={preview.data.items} thing={thing} />
                <LeftAlone fates={preview.data.items} thing={thing} />
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
                color={props.danger ? 'brick' : undefined}
                disabled={!complete || !preview.data || preview.data.changed === 0}
                loading={carryOut.isPending}
                onClick={() => carryOut.mutate()}
              >
                {title}
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

interface FatesProps {
  fates: readonly Fate[];
  thing: string;
}

const SHOWN_AT_ONCE = 6;

/** Their names can be looked at, however many they are. */
function Changed({ fates, thing }: FatesProps) {
  const changed = fates.filter(({ outcome }) => outcome === 'changed');
  if (changed.length === 0) return null;
  const names = changed.map(({ name }) => name).join(', ');
  if (changed.length <= SHOWN_AT_ONCE) return <Text size="sm">Who: {names}</Text>;
  return (
    <details>
      <summary>Who: {counted(changed.length, thing)}</summary>
      <Text size="sm" mt="xs">
        {names}
      </Text>
    </details>
  );
}

/** Who is left as they are, and why. */
function LeftAlone({ fates, thing }: FatesProps) {
  const left = fates.filter(({ outcome }) => outcome !== 'changed');
  if (left.length === 0) return null;
  const title = `${counted(left.length, `${thing} is`, `${thing}s are`)} left as they are`;
  const list = (
    <List spacing={4} size="sm" c="dimmed" aria-label="Left as they are">
      {left.map(({ id, name, reason }) => (
        <List.Item key={id}>
          {name}: {reason}
        </List.Item>
      ))}
    </List>
  );
  if (left.length > LISTED_AT_ONCE) {
    return (
      <details>
        <summary>{title}</summary>
        {list}
      </details>
    );
  }
  return (
    <div>
      <Text fw={600} mb={4}>
        {title}
      </Text>
      {list}
    </div>
  );
}

/** More than these would push the buttons far below. */
const LISTED_AT_ONCE = 20;
