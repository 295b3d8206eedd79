/** Data of the MIS that are held: who would be gone, and what a person says to it (R18, R21). */
import { Button, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type Gone,
  type HeldRun as Held,
  heldQuery,
  putAside,
  refreshAfterRun,
  release,
} from '~/api/mis';
import { useMutation } from '~/app/mutation';
import { Dialog } from '~/components/Dialog';
import { TextLink } from '~/components/links';
import { Loading, ProblemAlert } from '~/components/messages';
import { counted, yearGroupName } from '~/school/words';

export function HeldRun({ runId }: { runId: string }) {
  const held = useQuery(heldQuery(runId));
  return (
    <>
      {held.error && <ProblemAlert problem={held.error} onRetry={() => held.refetch()} />}
      {held.isPending && <Loading />}
      {held.data && <Decision held={held.data} />}
      {held.data && !held.data.server_changed && <WhoIsGone gone={held.data.gone} />}
    </>
  );
}

function Decision({ held }: { held: Held }) {
  if (held.server_changed) {
    return (
      <Paper component="section" aria-labelledby="decide" p="md">
        <Title order={2} id="decide">
          It comes from another MIS server
        </Title>
        <Text mt="xs">
          If your school has moved to it, re-instate the link: the pupils, staff and groups that are
          here are then found again in the new MIS, and nobody is made twice.
        </Text>
        <Text mt="xs">
          If not, find out which computer sends these data. Nothing of them is used.
        </Text>
        <TextLink to="/data-management/mis-synchronisation" mt="sm" display="inline-block">
          Go to the link to your MIS
        </TextLink>
      </Paper>
    );
  }
  return (
    <Paper component="section" aria-labelledby="decide" p="md">
      <Title order={2} id="decide">
        Is that right?
      </Title>
      <Text mt="xs">{whoWouldBeGone(held)} They are listed below.</Text>
      <Text mt="xs" c="dimmed">
        Often only a part of the school was exported. Then put these data aside, mend the export in
        your MIS, and synchronise again. If it is right, let the sync go on.
      </Text>
      <Group mt="md">
        <PutAside held={held} />
        <Release held={held} />
      </Group>
    </Paper>
  );
}

function whoWouldBeGone({ pupils, groups, parents }: Held): string {
  const parts = [
    pupils.gone > 0 && `${pupils.gone} of ${counted(pupils.mapped, 'pupil')}`,
    groups.gone > 0 && `${groups.gone} of ${counted(groups.mapped, 'group')}`,
  ].filter(Boolean);
  const said = [
    parts.length > 0 &&
      `${parts.join(' and ')} that came from your MIS are not in these data any more.`,
    parents != null &&
      parents.gone > 0 &&
      `${parents.gone} of ${counted(parents.mapped, 'parent')} that came from your MIS would no longer be linked to a child of theirs.`,
  ].filter(Boolean);
  return said.join(' ');
}

/** What follows from letting it go on, of those whom it is about. */
function whatFollows({ pupils, parents }: Held): string {
  const said = [
    pupils.gone > 0 &&
      'Pupils are made inactive once a second sync on another day does not have them either.',
    parents != null &&
      parents.gone > 0 &&
      'Parents keep their account, but no longer see the reports of a child that they are not linked to.',
    'Nobody is deleted, and who comes back in your MIS comes back here.',
  ].filter(Boolean);
  return said.join(' ');
}

function PutAside({ held }: { held: Held }) {
  const decide = useDecision(() => putAside(held.run_id), {
    title: 'Put aside',
    message: 'Nothing of it was done. The next data from your MIS are looked at afresh.',
  });
  return (
    <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate()}>
      Put it aside
    </Button>
  );
}

function Release({ held }: { held: Held }) {
  const [open, dialog] = useDisclosure(false);
  const shown = {
    pupils_gone: held.pupils.gone,
    groups_gone: held.groups.gone,
    parents_gone: held.parents?.gone ?? 0,
    who: held.who,
  };
  const decide = useDecision(() => release(held.run_id, shown), {
    title: 'It goes on',
    message: 'The sync is running. You can leave this page.',
  });
  return (
    <>
      <Button color="brick" variant="light" onClick={dialog.open}>
        It is right: let it go on
      </Button>
      <Dialog opened={open} onClose={dialog.close} title="Let this sync go on?">
        <Stack>
          <Text>{whoWouldBeGone(held)}</Text>
          <Text>{whatFollows(held)}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={dialog.close}>
              Cancel
            </Button>
            <Button
              color="brick"
              loading={decide.isPending}
              // What is shown is read anew: it is to be looked at, before it can be said again.
              onClick={() => decide.mutate(undefined, { onError: dialog.close })}
            >
              Let it go on
            </Button>
          </Group>
        </Stack>
      </Dialog>
    </>
  );
}

function useDecision(decide: () => Promise<void>, done: { title: string; message: string }) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn: decide,
    onSuccess: () => notifications.show(done),
    onError: ({ message }) =>
      notifications.show({ color: 'brick', title: 'Nothing was done', message }),
    onSettled: () => refreshAfterRun(queryClient),
  });
}

function WhoIsGone({ gone }: { gone: Gone[] }) {
  const parents = gone.some((one) => one.kind === 'parent');
  return (
    <Paper component="section" aria-labelledby="gone" style={{ overflow: 'hidden' }}>
      <Title order={2} id="gone" p="md" pb="sm">
        Who would be gone
      </Title>
      <Table.ScrollContainer minWidth={320}>
        <Table aria-labelledby="gone">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Year</Table.Th>
              <Table.Th>{parents ? 'Groups, or children' : 'Groups'}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {gone.map((one) => (
              <Table.Tr key={one.id}>
                <Table.Td>
                  <Name gone={one} />
                </Table.Td>
                <Table.Td>{one.year_group && yearGroupName(one.year_group)}</Table.Td>
                <Table.Td>{one.groups.join(', ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}

function Name({ gone }: { gone: Gone }) {
  if (gone.kind === 'parent') {
    return (
      <Text fw={600} inherit>
        {gone.label}{' '}
        <Text span c="dimmed" size="sm">
          (parent)
        </Text>
      </Text>
    );
  }
  return gone.kind === 'pupil' ? (
    <TextLink to="/pupils/$pupilId" params={{ pupilId: gone.id }} fw={600} inherit>
      {gone.label}
    </TextLink>
  ) : (
    <TextLink to="/groups/$groupId" params={{ groupId: gone.id }} fw={600} inherit>
      {gone.label}
    </TextLink>
  );
}
