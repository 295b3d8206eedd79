/** The groups of a pupil or a user: linked, unlinked and handed back to the MIS (R13). */
import { Box, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { addOneLink, changeLink, type LinkChange, type People } from '~/api/groups';
import type { GroupReference } from '~/api/users';
import { useMutation } from '~/app/mutation';
import { type ChosenGroup, GroupPicker } from './GroupPicker';
import { LinkLists, type LinkWords } from './LinkLists';
import { LinkProblem, LinksBusy } from './link-by-hand';
import { TextLink } from './links';

interface GroupsOfPersonProps {
  people: People;
  personId: string;
  groups: readonly GroupReference[];
  /** Groups that they were taken out of by hand. */
  unlinked: readonly GroupReference[];
  words: LinkWords & { add: string; addOne: string };
  /** What to ask the gateway for again after a change. */
  touched: readonly string[];
  /** What a row says of the group beside its name. */
  about: (group: GroupReference) => string | null;
  children: ReactNode;
}

type Wanted = { change: LinkChange; group: GroupReference } | { change: 'new'; group: ChosenGroup };

export function GroupsOfPerson(props: GroupsOfPersonProps) {
  const { people, personId, groups, unlinked, words, touched, about } = props;
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (wanted: Wanted) => carryOut(people, personId, wanted),
    onSettled: () =>
      Promise.all(touched.map((key) => queryClient.invalidateQueries({ queryKey: [key] }))),
  });
  return (
    <LinksBusy busy={change.isPending}>
      <Paper component="section" aria-label="Groups" p="md">
        <Title order={2} mb="xs">
          Groups
        </Title>
        <Stack>
          <Text>{props.children}</Text>
          {change.isError && (
            <LinkProblem problem={change.error} name={change.variables.group.name} />
          )}
          <LinkLists
            words={words}
            linked={groups}
            unlinked={unlinked}
            make={(wanted, group) => change.mutate({ change: wanted, group })}
          >
            {(group) => (
              <>
                <TextLink to="/groups/$groupId" params={{ groupId: group.id }} fw={600}>
                  {group.name}
                </TextLink>
                {about(group) && <Text c="dimmed">{about(group)}</Text>}
              </>
            )}
          </LinkLists>
          <AddGroup
            label={words.add}
            button={words.addOne}
            taken={groups.map(({ id }) => id)}
            busy={change.isPending}
            onAdd={(group) => change.mutate({ change: 'new', group })}
          />
        </Stack>
      </Paper>
    </LinksBusy>
  );
}

/** A group that is not shown is linked as it stands; one that is, only as it was looked at. */
async function carryOut(people: People, personId: string, wanted: Wanted): Promise<void> {
  const { change, group } = wanted;
  const link = { people, groupId: group.id, personId };
  if (change === 'new') await addOneLink(link);
  else await changeLink({ ...link, change, seen: group.link.version });
}

interface AddGroupProps {
  label: string;
  button: string;
  taken: readonly string[];
  busy: boolean;
  onAdd: (group: ChosenGroup) => void;
}

function AddGroup({ label, button, taken, busy, onAdd }: AddGroupProps) {
  const [chosen, setChosen] = useState<ChosenGroup | null>(null);
  /** Each choice begins with an empty field. */
  const [round, setRound] = useState(0);
  return (
    <Group align="flex-end" gap="sm">
      <Box flex="1 1 12rem" maw="24rem">
        <GroupPicker key={round} label={label} taken={taken} value={chosen} onChange={setChosen} />
      </Box>
      <Button
        disabled={!chosen}
        loading={busy}
        onClick={() => {
          if (chosen) onAdd(chosen);
          setChosen(null);
          setRound(round + 1);
        }}
      >
        {button}
      </Button>
    </Group>
  );
}
