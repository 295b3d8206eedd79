/** A list of settings in a form: added to, renamed, put in order, made inactive, never deleted. */
import { ActionIcon, Button, Switch, Text } from '@mantine/core';
import { Plus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { MoveButtons } from '~/components/MoveButtons';
import classes from './EntryList.module.css';
import type { EntryValues } from './entries';

interface EntryListProps<Entry extends EntryValues> {
  entries: readonly Entry[];
  /** Such as `subject`. */
  what: string;
  /** The fields of one entry; the first is to grow. */
  fields: (entry: Entry, place: number) => ReactNode;
  activeProps: (place: number) => object;
  /** What else stands beside 'In use', and what under all of it. */
  beside?: (entry: Entry, place: number) => ReactNode;
  below?: (entry: Entry, place: number) => ReactNode;
  /** Whether the fields show their labels. */
  labelled?: boolean;
  /** What is wrong with the list as a whole. */
  error?: ReactNode;
  onAdd: () => void;
  onRemove: (place: number) => void;
  /** Where the school says the order. */
  onMove?: (from: number, to: number) => void;
}

export function EntryList<Entry extends EntryValues>(props: EntryListProps<Entry>) {
  const { entries, what, fields, activeProps, beside, below, labelled } = props;
  const { error, onAdd, onRemove, onMove } = props;
  return (
    <div>
      <ol className={`${classes.list} ${labelled ? classes.labelled : ''}`}>
        {entries.map((entry, place) => (
          <li key={entry.key} className={classes.entry}>
            {onMove && (
              <div className={classes.moves}>
                <MoveButtons
                  name={entry.name || `new ${what}`}
                  place={place}
                  count={entries.length}
                  onMove={onMove}
                />
              </div>
            )}
            <div className={classes.fields}>
              {fields(entry, place)}
              <div className={classes.ends}>
                {beside?.(entry, place)}
                <Switch
                  label="In use"
                  aria-label={`In use: ${entry.name || `new ${what}`}`}
                  {...activeProps(place)}
                />
                {entry.id === null && (
                  <ActionIcon
                    variant="subtle"
                    aria-label={`Take the new ${what} ${entry.name} out again`}
                    onClick={() => onRemove(place)}
                  >
                    <X size={17} aria-hidden />
                  </ActionIcon>
                )}
              </div>
              {below && <div className={classes.below}>{below(entry, place)}</div>}
            </div>
          </li>
        ))}
      </ol>
      {error && (
        <Text c="brick.8" size="sm" role="alert" mb="xs">
          {error}
        </Text>
      )}
      <Button variant="default" leftSection={<Plus size={17} aria-hidden />} onClick={onAdd}>
        Add a {what}
      </Button>
    </div>
  );
}

export const growing = classes.grows;
