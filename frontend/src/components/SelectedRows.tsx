/** What can be done with the rows of a list that are selected, on this page and on others. */
import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useMutation } from '~/app/mutation';
import { counted, formatNumber } from '~/school/words';
import { ProblemAlert } from './messages';
import type { SelectionState } from './useSelection';

interface SelectedRowsProps<Action extends string> {
  /** What a row is: `user` for '3 users selected'. */
  thing: string;
  /** Those of this page. */
  rows: readonly { id: string }[];
  /** How many fit the filters, over all pages. */
  total: number;
  /** As many as can be changed in one go. */
  most: number;
  /** The ids of all that fit the filters, up to `most`. */
  selectAll: () => Promise<string[]>;
  selection: SelectionState;
  actions: readonly Action[];
  names: Record<Action, string>;
  onAction: (action: Action) => void;
}

export function SelectedRows<Action extends string>(props: SelectedRowsProps<Action>) {
  const { thing, rows, total, most, selection, actions, names, onAction } = props;
  const { selected, select, clear } = selection;
  const all = useMutation({
    mutationFn: props.selectAll,
    onSuccess: (ids) => select(ids, true),
  });
  const here = rows.filter(({ id }) => selected.has(id)).length;
  const whole = here === rows.length && rows.length > 0;
  const tooMany = selected.size > most;
  return (
    <Group px="md" pb="sm" gap="sm" mih={42} className="screen-only">
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
            {counted(selected.size, thing)} selected
          </Text>
          {whole && selected.size < Math.min(total, most) && (
            <Button size="xs" variant="light" loading={all.isPending} onClick={() => all.mutate()}>
              {total > most
                ? `Select the first ${formatNumber(most)} of ${formatNumber(total)}`
                : `Select all ${formatNumber(total)} that match`}
            </Button>
          )}
          <Group gap={6} role="group" aria-label={`For the selected ${thing}s`}>
            {actions.map((one) => (
              <Button
                key={one}
                size="xs"
                variant="default"
                disabled={tooMany || all.isPending}
                onClick={() => onAction(one)}
              >
                {names[one]}
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
          No more than {formatNumber(most)} {thing}s can be changed in one go. Take some out.
        </Text>
      )}
      {all.isError && <ProblemAlert problem={all.error} />}
    </Group>
  );
}
