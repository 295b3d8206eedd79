/** What is mapped is moved to another record here, or taken apart; with what that will do (R20). */
import { Text } from '@mantine/core';
import { useState } from 'react';
import { consequencesOfChanges, type MappingChange, saveChanges } from '~/api/mapping';
import { type ChosenRecord, pickedFor } from './choices';
import { Facts } from './DifferenceCard';
import type { Changing } from './MappedRecords';
import { RecordPicker } from './RecordPicker';
import { SaveDialog } from './SaveDialog';

interface ChangeDialogProps {
  changing: Changing;
  onClose: () => void;
  /** With what was done, in words. */
  onSaved: (words: string) => void;
}

export function ChangeDialog({ changing, onClose, onSaved }: ChangeDialogProps) {
  const { record, action } = changing;
  const [chosen, setChosen] = useState<ChosenRecord | null>(null);
  const moves = action === 'move';
  const kind = pickedFor(record.kind);
  const sent: MappingChange[] = [
    {
      kind: record.kind,
      mis_id: record.mis_id,
      action,
      record_id: moves ? chosen?.id : undefined,
      expected_version: record.version,
    },
  ];
  const here = record.here && {
    label: record.here_label ?? '',
    values: record.here,
  };
  const words = moves
    ? `${record.label} is now mapped to ${chosen?.label}.`
    : `${record.label} is not mapped any more, and stands under ‘To map’.`;
  return (
    <SaveDialog
      title={moves ? `What is ${record.label} here?` : `Unmap ${record.label}?`}
      sent={sent}
      complete={!moves || chosen !== null}
      preview={() => consequencesOfChanges(sent)}
      save={() => saveChanges(sent)}
      button={moves ? 'Change the mapping' : 'Unmap'}
      onClose={onClose}
      onSaved={() => onSaved(words)}
    >
      <Facts label={record.label} mis={record.mis} here={here} />
      {moves && kind && (
        <RecordPicker kind={kind} of={record.label} value={chosen} onChange={setChosen} />
      )}
      {!moves && (
        <Text>
          Do this where {record.label} in your MIS is not {record.here_label ?? 'the record'} here.
          Nothing here is changed or deleted, and no sync maps them again until you have decided.
        </Text>
      )}
    </SaveDialog>
  );
}
