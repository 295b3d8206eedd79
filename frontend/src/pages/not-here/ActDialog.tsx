/** What can be done from here about somebody who is not: say who they are, or make a user (R20). */
import { Text } from '@mantine/core';
import { useState } from 'react';
import { consequencesOf, type Decision, type NotHere, saveDecisions } from '~/api/mapping';
import { type ChosenRecord, pickedFor } from '~/pages/mapping/choices';
import { Facts } from '~/pages/mapping/DifferenceCard';
import { RecordPicker } from '~/pages/mapping/RecordPicker';
import { SaveDialog } from '~/pages/mapping/SaveDialog';

export interface Acting {
  person: NotHere;
  action: 'map' | 'create';
  /** They are who the server thinks they are. */
  probable: boolean;
}

interface ActDialogProps {
  acting: Acting;
  onClose: () => void;
  onSaved: (words: string) => void;
}

export function ActDialog({ acting, onClose, onSaved }: ActDialogProps) {
  const { person, action, probable } = acting;
  const [chosen, setChosen] = useState<ChosenRecord | null>(
    probable && person.probably ? person.probably : null,
  );
  const maps = action === 'map';
  const kind = pickedFor(person.kind);
  const sent: Decision[] = [
    {
      difference_id: person.id,
      action,
      record_id: maps ? chosen?.id : undefined,
      expected_version: person.version,
    },
  ];
  const words = maps
    ? `${person.label} is mapped to ${chosen?.label}.`
    : `A user for ${person.label} is being made.`;
  return (
    <SaveDialog
      title={titleOf(acting)}
      sent={sent}
      complete={!maps || chosen !== null}
      preview={() => consequencesOf(sent)}
      save={() => saveDecisions(sent)}
      button={maps ? 'Map them' : 'Make a user'}
      onClose={onClose}
      onSaved={({ results }) => onSaved(results[0]?.detail ?? words)}
    >
      <Facts label={person.label} mis={person.mis} here={probable ? person.probably : null} />
      {maps && !probable && kind && (
        <RecordPicker kind={kind} of={person.label} value={chosen} onChange={setChosen} />
      )}
      <Text>{maps ? MAPS[person.kind] : CREATES}</Text>
    </SaveDialog>
  );
}

function titleOf({ person, action, probable }: Acting): string {
  if (action === 'create') return `Make a user for ${person.label}?`;
  if (probable && person.probably) return `Is ${person.label} ${person.probably.label} here?`;
  return `Who is ${person.label} here?`;
}

const MAPS: Record<NotHere['kind'], string> = {
  pupil:
    'From then on your MIS keeps this pupil’s details, year group and classes here, but for what was set by hand.',
  staff: 'From then on your MIS links this user to the groups that they teach.',
  contact: 'From then on your MIS tells which children this parent has here.',
};
const CREATES =
  'Use this for staff without a class in your MIS, such as PPA teachers or SLT. They can be linked to groups under Group Management.';
