/** Whether what is typed is saved: of the whole page, and of one cell. */
import { Button, Group, Loader, Text, VisuallyHidden } from '@mantine/core';
import { Check, CircleAlert } from 'lucide-react';
import { counted } from '~/school/words';
import classes from './Grid.module.css';
import type { Entry, Sheet } from './sheet';
import { type Unsaved, useUnsaved } from './useSheet';

export function SavingOfPage({ sheet }: { sheet: Sheet }) {
  const unsaved = useUnsaved(sheet);
  return (
    <Group gap="sm" className={classes.saving}>
      <Group gap={6} role="status" wrap="nowrap">
        <SavingIcon of={unsaved} />
        <Text size="sm" fw={600}>
          {inWords(unsaved)}
        </Text>
      </Group>
      {unsaved.why && (
        <Text size="sm">
          {unsaved.why} What you typed is kept here, and is sent again by itself.
        </Text>
      )}
      {unsaved.failed > 0 && (
        <Button size="compact-sm" variant="default" onClick={() => void sheet.flush()}>
          Try again now
        </Button>
      )}
    </Group>
  );
}

function SavingIcon({ of }: { of: Unsaved }) {
  if (of.failed + of.disputed > 0) return <CircleAlert size={17} aria-hidden />;
  return of.saving > 0 ? <Loader size={15} aria-hidden /> : <Check size={17} aria-hidden />;
}

function inWords({ saving, failed, disputed }: Unsaved): string {
  if (failed > 0) return `${counted(failed, 'change')} not saved yet`;
  if (disputed > 0) return 'Choose below what should stand';
  return saving > 0 ? 'Saving…' : 'All changes are saved';
}

type CellState = 'none' | 'saved' | 'saving' | 'failed' | 'conflict';

export function stateOfCell(entry: Entry, name: string): CellState {
  if (name in entry.typed) {
    if (entry.disputed.includes(name)) return 'conflict';
    return entry.state === 'failed' || entry.state === 'refused' ? 'failed' : 'saving';
  }
  return entry.saved.has(name) ? 'saved' : 'none';
}

const CELL_WORDS = {
  none: '',
  saved: 'Saved',
  saving: 'Saving',
  failed: 'Not saved',
  conflict: 'Changed by somebody else',
};

export function SavingOfCell({ state }: { state: CellState }) {
  return (
    <span className={classes.cellState} data-state={state}>
      {state === 'saved' && <Check size={15} aria-hidden />}
      {state === 'saving' && <Loader size={13} aria-hidden />}
      {(state === 'failed' || state === 'conflict') && <CircleAlert size={15} aria-hidden />}
      <VisuallyHidden>{CELL_WORDS[state]}</VisuallyHidden>
    </span>
  );
}
