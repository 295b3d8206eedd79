/** The children of a parent: linked, unlinked, and why one is not seen (R2). */
import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { changeChild, type Parent, type ParentChild } from '~/api/parents';
import { useMutation } from '~/app/mutation';
import { TextLink } from '~/components/links';
import { ProblemAlert } from '~/components/messages';
import { formatMoment, yearGroupName } from '~/school/words';
import { ChildPicker } from './ChildPicker';

export function ParentChildren({ parent }: { parent: Parent }) {
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: { change: 'link' | 'unlink'; pupilId: string }) =>
      changeChild(wanted.change, parent.id, wanted.pupilId),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['parents'] }),
  });
  return (
    <Paper component="section" aria-label="Children" p="md">
      <Title order={2} mb="xs">
        Children
      </Title>
      <Stack>
        {change.isError && <ProblemAlert problem={change.error} />}
        {parent.children.length === 0 && (
          <Text c="dimmed">No child is linked, so this parent sees nothing.</Text>
        )}
        {parent.children.length > 0 && (
          <Stack
            component="ul"
            aria-label="Linked children"
            gap="md"
            m={0}
            p={0}
            style={{ listStyle: 'none' }}
          >
            {parent.children.map((child) => (
              <Child
                key={child.id}
                child={child}
                busy={change.isPending && change.variables.pupilId === child.id}
                onUnlink={() => change.mutate({ change: 'unlink', pupilId: child.id })}
              />
            ))}
          </Stack>
        )}
        <ChildPicker
          label="Link another child"
          taken={parent.children.map(({ id }) => id)}
          onPick={({ id }) => change.mutate({ change: 'link', pupilId: id })}
        />
        <Text size="sm" c="dimmed">
          The parent is asked for a linked child’s date of birth at their next sign-in. Unlinked,
          the child is not shown to them any more.
        </Text>
      </Stack>
    </Paper>
  );
}

interface ChildProps {
  child: ParentChild;
  busy: boolean;
  onUnlink: () => void;
}

function Child({ child, busy, onUnlink }: ChildProps) {
  return (
    <Group component="li" gap="sm" justify="space-between" align="flex-start">
      <div style={{ flex: '1 1 16rem' }}>
        <Group gap="sm">
          <TextLink to="/pupils/$pupilId" params={{ pupilId: child.id }} fw={600}>
            {child.name}
          </TextLink>
          {child.year_group && <Text c="dimmed">{yearGroupName(child.year_group)}</Text>}
          {child.seen ? (
            <Badge color="leaf">Confirmed</Badge>
          ) : (
            <Badge color="amber">Not seen</Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {child.hindrance ??
            (child.confirmed_at && `Confirmed by the parent: ${formatMoment(child.confirmed_at)}`)}
        </Text>
      </div>
      <Button
        variant="default"
        size="xs"
        loading={busy}
        aria-label={`Unlink: ${child.name}`}
        onClick={onUnlink}
      >
        Unlink
      </Button>
    </Group>
  );
}
