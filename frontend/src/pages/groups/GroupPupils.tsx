/** The pupils of a group: put in, taken out and handed back to the MIS (R13). */
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { UserRoundPlus } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { GroupDetail, Member } from '~/api/groups';
import { columnsOf, DataTable } from '~/components/DataTable';
import {
  HAND_BACK,
  isByHand,
  LinkAction,
  LinkBadge,
  LinkProblem,
  LinksBusy,
} from '~/components/link-by-hand';
import { TextLink } from '~/components/links';
import { PupilNameText } from '~/components/people';
import { useSelection } from '~/components/useSelection';
import { counted, formatDate, yearGroupName } from '~/school/words';
import { AddPupils } from './AddPupils';
import { InactivePupils } from './InactivePupils';
import { ManyLinksDialog } from './ManyLinksDialog';
import { type LinkedPerson, useOneLink } from './useOneLink';

interface GroupPupilsProps {
  group: GroupDetail;
  pupils: readonly Member[];
  takenOut: readonly Member[];
  editable: boolean;
  /** Leads to the pages of the pupils, for who sees the whole school. */
  linked: boolean;
}

const column = columnsOf<Member>();
const plainName = column.accessor('legal_surname', {
  header: 'Name',
  cell: ({ row }) => <PupilNameText pupil={row.original} />,
});
const linkedName = column.accessor('legal_surname', {
  header: 'Name',
  cell: ({ row }) => (
    <TextLink to="/pupils/$pupilId" params={{ pupilId: row.original.id }} inherit>
      <PupilNameText pupil={row.original} />
    </TextLink>
  ),
});
const about = [
  column.accessor('year_group', {
    header: 'Year',
    cell: ({ row: { original: pupil } }) =>
      pupil.year_group ? yearGroupName(pupil.year_group) : 'Not known',
  }),
  column.accessor('date_of_birth', {
    header: 'Date of birth',
    cell: ({ row: { original: pupil } }) =>
      pupil.date_of_birth ? formatDate(pupil.date_of_birth) : 'Not known',
  }),
  column.accessor('upn', { header: 'UPN', cell: ({ row }) => row.original.upn ?? 'None' }),
];
const badge = column.accessor('link', {
  header: 'Put in by',
  cell: ({ row }) => <LinkBadge link={row.original.link} />,
});

export function GroupPupils(props: GroupPupilsProps) {
  const { group, pupils, takenOut, editable, linked } = props;
  const [adding, dialog] = useDisclosure(false);
  const [removing, setRemoving] = useState<string[]>();
  const selection = useSelection(group.id);
  const { change, make } = useOneLink('pupils', group.id);
  const columns = useMemo(() => {
    const name = linked ? linkedName : plainName;
    if (!editable) return column.columns([name, ...about]);
    const actions = column.display({
      id: 'actions',
      header: 'Change',
      cell: ({ row: { original: pupil } }) => (
        <Group gap="xs" wrap="nowrap">
          <LinkAction
            label={`Take out: ${nameOf(pupil)}`}
            onClick={() => make('unlink', named(pupil))}
          >
            Take out
          </LinkAction>
          {isByHand(pupil.link) && (
            <LinkAction
              label={`${HAND_BACK}: ${nameOf(pupil)}`}
              onClick={() => make('hand-back', named(pupil))}
            >
              {HAND_BACK}
            </LinkAction>
          )}
        </Group>
      ),
    });
    return column.columns([name, ...about, badge, actions]);
  }, [editable, linked, make]);
  const chosen = pupils.filter(({ id }) => selection.selected.has(id)).map(({ id }) => id);
  return (
    <LinksBusy busy={change.isPending}>
      <Paper component="section" aria-label="Pupils" style={{ overflow: 'hidden' }}>
        <Group justify="space-between" p="md" pb="sm">
          <Group gap="sm" align="baseline">
            <Title order={2}>Pupils</Title>
            <Text c="dimmed">{counted(pupils.length, 'pupil')}</Text>
          </Group>
          {editable && (
            <Group gap="xs">
              {chosen.length > 0 && (
                <Button size="xs" variant="default" onClick={() => setRemoving(chosen)}>
                  Take {counted(chosen.length, 'pupil')} out
                </Button>
              )}
              <Button
                size="xs"
                leftSection={<UserRoundPlus size={15} aria-hidden />}
                onClick={dialog.open}
              >
                Add pupils
              </Button>
            </Group>
          )}
        </Group>
        {change.isError && (
          <Stack px="md" pb="md">
            <LinkProblem problem={change.error} name={change.variables.person.name} />
          </Stack>
        )}
        {pupils.length > 0 ? (
          <DataTable
            caption={`Pupils of ${group.name}`}
            columns={columns}
            rows={pupils}
            selection={
              editable
                ? { selected: selection.selected, onSelect: selection.select, nameOf }
                : undefined
            }
          />
        ) : (
          <Text c="dimmed" px="md" pb="md">
            No pupils are in this group.
          </Text>
        )}
        <TakenOut pupils={takenOut} make={make} />
        <InactivePupils group={group} editable={editable} />
        {adding && <AddPupils group={group} onClose={dialog.close} />}
        {removing && (
          <ManyLinksDialog
            group={group}
            people="pupils"
            ids={removing}
            present={false}
            onClose={() => setRemoving(undefined)}
            onDone={() => {
              setRemoving(undefined);
              selection.clear();
            }}
          />
        )}
      </Paper>
    </LinksBusy>
  );
}

interface TakenOutProps {
  pupils: readonly Member[];
  make: ReturnType<typeof useOneLink>['make'];
}

/** So that it can be seen, put right, and left to the MIS again. */
function TakenOut({ pupils, make }: TakenOutProps) {
  if (pupils.length === 0) return null;
  return (
    <Stack p="md" gap="xs">
      <Text fw={600}>Taken out by hand</Text>
      <Stack component="ul" aria-label="Taken out by hand" gap="sm" m={0} p={0}>
        {pupils.map((pupil) => (
          <Group component="li" key={pupil.id} gap="sm" justify="space-between">
            <Group gap="sm">
              <PupilNameText pupil={pupil} />
              <LinkBadge link={pupil.link} />
            </Group>
            <Group gap="xs">
              <LinkAction
                label={`${HAND_BACK}: ${nameOf(pupil)}`}
                onClick={() => make('hand-back', named(pupil))}
              >
                {HAND_BACK}
              </LinkAction>
              <LinkAction
                label={`Put back: ${nameOf(pupil)}`}
                onClick={() => make('link', named(pupil))}
              >
                Put back
              </LinkAction>
            </Group>
          </Group>
        ))}
      </Stack>
    </Stack>
  );
}

function nameOf(pupil: Member): string {
  const forename = pupil.preferred_forename ?? pupil.legal_forename;
  return `${forename} ${pupil.preferred_surname ?? pupil.legal_surname}`;
}

function named(pupil: Member): LinkedPerson {
  return { id: pupil.id, name: nameOf(pupil), link: pupil.link };
}
