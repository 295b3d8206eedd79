/** What can be done with the users that are selected, on this page and on others. */
import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { MOST_USERS_AT_ONCE, selectAllUsers, type User, type UserFilters } from '~/api/users';
import { ProblemAlert } from '~/components/messages';
import type { SelectionState } from '~/components/useSelection';
import { counted, formatNumber } from '~/school/words';
import { ACTION_NAMES, type Action } from './many-users';

interface SelectedUsersProps {
  /** Those of this page. */
  rows: readonly User[];
  /** How many fit the filters, over all pages. */
  total: number;
  filters: UserFilters;
  selection: SelectionState;
  onAction: (action: Action) => void;
}

const OF_ACTIVE: Action[] = ['make_inactive', 'reset_password', 'link', 'unlink'];
const OF_INACTIVE: Action[] = ['make_active', 'unlink'];

export function SelectedUsers(props: SelectedUsersProps) {
  const { rows, total, filters, selection, onAction } = props;
  const { selected, select, clear } = selection;
  const all = useMutation({
    mutationFn: () => selectAllUsers(filters),
    onSuccess: (ids) => select(ids, true),
  });
  const here = rows.filter(({ id }) => selected.has(id)).length;
  const whole = here === rows.length && rows.length > 0;
  const tooMany = selected.size > MOST_USERS_AT_ONCE;
  return (
    <Group px="md" pb="sm" gap="sm" mih={42}>
      <Checkbox
        label={`Select all ${rows.length} on this page`}
        checked={whole}
        indeterminate={here > 0 && !whole}
        onChange={() =>
          select(
            rows.map(({ id }) => id),
            !whole,
          )
        }
      />
      {selected.size > 0 && (
        <>
          <Text size="sm" fw={600} role="status">
            {counted(selected.size, 'user')} selected
          </Text>
          {whole && selected.size < Math.min(total, MOST_USERS_AT_ONCE) && (
            <Button size="xs" variant="light" loading={all.isPending} onClick={() => all.mutate()}>
              {total > MOST_USERS_AT_ONCE
                ? `Select the first ${MOST_USERS_AT_ONCE} of ${formatNumber(total)}`
                : `Select all ${formatNumber(total)} that match`}
            </Button>
          )}
          <Group gap={6} role="group" aria-label="For the selected users">
            {(filters.active === false ? OF_INACTIVE : OF_ACTIVE).map((one) => (
              <Button
                key={one}
                size="xs"
                variant="default"
                disabled={tooMany}
                onClick={() => onAction(one)}
              >
                {ACTION_NAMES[one]}
              </Button>
            ))}
            <Button size="xs" variant="subtle" onClick={clear}>
              Clear the selection
            </Button>
          </Group>
        </>
      )}
      {tooMany && (
        <Text size="sm">
          No more than {MOST_USERS_AT_ONCE} users can be changed in one go. Take some out.
        </Text>
      )}
      {all.isError && <ProblemAlert problem={all.error} />}
    </Group>
  );
}
