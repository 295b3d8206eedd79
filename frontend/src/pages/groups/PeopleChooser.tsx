/** Finds people and ticks them, over as many searches as it takes. */
import { Button, Checkbox, Group, Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { SearchField } from '~/components/ListPage';
import { Loading, ProblemAlert } from '~/components/messages';
import type { SelectionState } from '~/components/useSelection';
import { counted } from '~/school/words';

export interface Found {
  id: string;
  name: string;
  /** What tells two of one name apart. */
  about: string;
}

interface PeopleChooserProps {
  thing: 'user' | 'pupil';
  searchLabel: string;
  onSearch: (text: string | undefined) => void;
  filters?: ReactNode;
  found: readonly Found[] | undefined;
  /** How many there are in all; only some are shown. */
  total: number;
  error: Error | null;
  selection: SelectionState;
  most: number;
  onCancel: () => void;
  onNext: () => void;
}

export function PeopleChooser(props: PeopleChooserProps) {
  const { thing, found, total, selection, most } = props;
  const { selected, select } = selection;
  const ids = found?.map(({ id }) => id) ?? [];
  const all = ids.length > 0 && ids.every((id) => selected.has(id));
  return (
    <Stack>
      <Group align="flex-end" gap="sm">
        <SearchField label={props.searchLabel} value={undefined} onSearch={props.onSearch} />
        {props.filters}
      </Group>
      {props.error && <ProblemAlert problem={props.error} />}
      {!found && !props.error && <Loading />}
      {found?.length === 0 && <Text c="dimmed">Nobody found. Try another search.</Text>}
      {found && found.length > 0 && (
        <Paper withBorder p="sm">
          <Stack gap="xs">
            <Checkbox
              label={`Select all ${found.length} shown`}
              checked={all}
              indeterminate={!all && ids.some((id) => selected.has(id))}
              onChange={() => select(ids, !all)}
            />
            <Stack
              component="ul"
              aria-label={`Found ${thing}s`}
              gap="xs"
              m={0}
              p={0}
              pl="md"
              mah="20rem"
              style={{ listStyle: 'none', overflowY: 'auto' }}
            >
              {found.map((one) => (
                <li key={one.id}>
                  <Checkbox
                    label={one.name}
                    description={one.about}
                    checked={selected.has(one.id)}
                    onChange={(event) => select([one.id], event.currentTarget.checked)}
                  />
                </li>
              ))}
            </Stack>
            {total > found.length && (
              <Text size="sm" c="dimmed">
                {found.length} of {counted(total, thing)} are shown. Search to find the others; who
                is selected stays so.
              </Text>
            )}
          </Stack>
        </Paper>
      )}
      <Group justify="space-between">
        <Text size="sm" fw={600} role="status">
          {counted(selected.size, thing)} selected
          {selected.size > most && `; no more than ${most} in one go`}
        </Text>
        <Group gap="sm">
          <Button variant="default" onClick={props.onCancel}>
            Cancel
          </Button>
          <Button disabled={selected.size === 0 || selected.size > most} onClick={props.onNext}>
            Continue
          </Button>
        </Group>
      </Group>
    </Stack>
  );
}
