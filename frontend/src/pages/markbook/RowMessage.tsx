/** What stands under a row: somebody else was quicker, or something could not be saved. */
import { Alert, Button, Group, Stack, Table, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { formatMoment } from '~/school/words';
import classes from './Grid.module.css';
import type { Entry, Sheet } from './sheet';

interface RowMessageProps {
  sheet: Sheet;
  id: string;
  entry: Entry;
  columns: number;
  /** Whose it is, such as `Zoë Bell`. */
  whose: string;
  /** A value in words: `Attainment`, `J`. */
  inWords: (name: string, value: string | null) => { name: string; value: string };
}

export function RowMessage(props: RowMessageProps) {
  const { entry, columns } = props;
  if (entry.state === 'conflict') {
    return (
      <Table.Tr className={classes.message}>
        <Table.Td colSpan={columns}>
          <Conflict {...props} />
        </Table.Td>
      </Table.Tr>
    );
  }
  // What may pass is told of above the grid, once for all rows.
  if (entry.state !== 'refused') return null;
  return (
    <Table.Tr className={classes.message}>
      <Table.Td colSpan={columns}>
        <NotSaved {...props} />
      </Table.Td>
    </Table.Tr>
  );
}

function Conflict({ sheet, id, entry, whose, inWords }: RowMessageProps) {
  const { by, at } = entry.known;
  const who = by ?? 'Somebody else';
  return (
    <Alert
      color="amber"
      icon={<CircleAlert aria-hidden />}
      role="alert"
      title={`${who} has written this too: ${whose}`}
    >
      <Stack gap="sm">
        {entry.disputed.map((one) => {
          const theirs = inWords(one, entry.known.values[one] ?? null);
          const mine = inWords(one, entry.typed[one] ?? null);
          return (
            <div key={one}>
              <Text size="sm" fw={600}>
                {theirs.name}
              </Text>
              <Text size="sm">
                {by ?? 'They'}
                {at && `, ${formatMoment(at)}`}: {theirs.value}
              </Text>
              <Text size="sm">You: {mine.value}</Text>
            </div>
          );
        })}
        <Group gap="sm">
          <Button size="xs" variant="default" onClick={() => sheet.choose(id, 'theirs')}>
            Keep theirs
          </Button>
          <Button size="xs" onClick={() => sheet.choose(id, 'mine')}>
            Use mine
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function NotSaved({ sheet, id, entry, whose }: RowMessageProps) {
  const title = entry.problem?.title ?? 'This could not be saved';
  return (
    <Alert
      color="brick"
      icon={<CircleAlert aria-hidden />}
      role="alert"
      title={`${whose}: ${title}`}
    >
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{entry.problem?.detail}</Text>
        <Button size="xs" variant="default" onClick={() => sheet.undo(id)}>
          Undo what I typed
        </Button>
      </Stack>
    </Alert>
  );
}
